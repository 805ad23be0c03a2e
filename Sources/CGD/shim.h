#include <gd.h>
#include <gdfontg.h>
#include <gdfontl.h>
#include <gdfonts.h>
