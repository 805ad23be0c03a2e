#include <stddef.h>
#include <stdint.h>

// libFuzzer's own entry, for programs that have a main; `-sanitize=fuzzer` links it.
int LLVMFuzzerRunDriver(int *argc, char ***argv, int (*test)(const uint8_t *bytes, size_t count));
