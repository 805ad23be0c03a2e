extension KnownSchemas {
  // From `torch._C._jit_get_all_schemas()` of PyTorch 2.13.
  static let part1 = """
    aten::has_torch_function(...) -> bool
    aten::is_scripting() -> bool
    aten::wait(Future(t) self) -> t
    aten::save(t item, str filename) -> ()
    aten::grad(Tensor[] outputs, Tensor[] inputs, Tensor?[]? grad_outputs=None, bool? \
      retain_graph=None, bool create_graph=False, bool allow_unused=False) -> Tensor?[]
    aten::hash.generic(t value) -> int
    aten::divmod.int(int x, int y) -> (int, int)
    aten::divmod.float(float x, float y) -> (float, float)
    aten::divmod.int_float(int x, float y) -> (float, float)
    aten::divmod.float_int(float x, int y) -> (float, float)
    prim::abs.int(int a) -> int
    prim::abs.float(float a) -> float
    prim::abs.complex(complex a) -> float
    prim::abs.Scalar(Scalar a) -> Scalar
    aten::chr(int i) -> str
    aten::bin(int i) -> str
    aten::oct(int i) -> str
    aten::hex(int i) -> str
    aten::sorted.int(int[](a) input) -> int[]
    aten::sorted.float(float[](a) input) -> float[]
    aten::sorted.Tensor(Tensor[](a) input) -> Tensor[]
    aten::sorted.bool(bool[](a) input) -> bool[]
    aten::sorted.str(str[](a) input) -> str[]
    aten::warn(str message, int stacklevel=2) -> ()
    aten::manual_seed(int seed) -> ()
    prim::grad(Tensor a) -> Tensor(*)
    prim::requires_grad(Tensor a) -> bool
    aten::percentFormat(str self, ...) -> str
    aten::device.with_index(str type, int index) -> Device
    aten::find(str self, str substr, int start=0, int end=-1) -> int
    aten::startswith(str self, str substr, int start=0, int end=-1) -> bool
    aten::count(str self, str substr, int start=0, int end=-1) -> int
    aten::count.int(int[] self, int el) -> int
    aten::count.float(float[] self, float el) -> int
    aten::count.bool(bool[] self, bool el) -> int
    aten::count.Tensor(Tensor[] self, Tensor el) -> int
    aten::count.str(str[] self, str el) -> int
    aten::setdefault.str(Dict(str, t)(a!) self, str(b -> *) key, t(c -> *) default_value) -> \
      t(*)
    aten::setdefault.int(Dict(int, t)(a!) self, int(b -> *) key, t(c -> *) default_value) -> \
      t(*)
    aten::setdefault.bool(Dict(bool, t)(a!) self, bool(b -> *) key, t(c -> *) default_value) -> \
      t(*)
    aten::setdefault.float(Dict(float, t)(a!) self, float(b -> *) key, t(c -> *) default_value) \
      -> t(*)
    aten::setdefault.complex(Dict(complex, t)(a!) self, complex(b -> *) key, t(c -> *) \
      default_value) -> t(*)
    aten::setdefault.Tensor(Dict(Tensor, t)(a!) self, Tensor(b -> *) key, t(c -> *) \
      default_value) -> t(*)
    aten::keys.str(Dict(str, t) self) -> str[](*)
    aten::keys.int(Dict(int, t) self) -> int[](*)
    aten::keys.bool(Dict(bool, t) self) -> bool[](*)
    aten::keys.float(Dict(float, t) self) -> float[](*)
    aten::keys.complex(Dict(complex, t) self) -> complex[](*)
    aten::keys.Tensor(Dict(Tensor, t) self) -> Tensor[](*)
    prim::tolist(...) -> ...
    aten::dict.str((str, tVal)[] inputs) -> Dict(str, tVal)
    aten::dict.Dict_str(Dict(str, t)(a) self) -> Dict(str, t)
    aten::dict.int((int, tVal)[] inputs) -> Dict(int, tVal)
    aten::dict.Dict_int(Dict(int, t)(a) self) -> Dict(int, t)
    aten::dict.bool((bool, tVal)[] inputs) -> Dict(bool, tVal)
    aten::dict.Dict_bool(Dict(bool, t)(a) self) -> Dict(bool, t)
    aten::dict.float((float, tVal)[] inputs) -> Dict(float, tVal)
    aten::dict.Dict_float(Dict(float, t)(a) self) -> Dict(float, t)
    aten::dict.complex((complex, tVal)[] inputs) -> Dict(complex, tVal)
    aten::dict.Dict_complex(Dict(complex, t)(a) self) -> Dict(complex, t)
    aten::dict.Tensor((Tensor, tVal)[] inputs) -> Dict(Tensor, tVal)
    aten::dict.Dict_Tensor(Dict(Tensor, t)(a) self) -> Dict(Tensor, t)
    aten::__contains__.int_list(int[] l, int item) -> bool
    aten::__contains__.str_list(str[] l, str item) -> bool
    aten::__contains__.str(Dict(str, t) dict, str key) -> bool
    aten::__contains__.int(Dict(int, t) dict, int key) -> bool
    aten::__contains__.bool(Dict(bool, t) dict, bool key) -> bool
    aten::__contains__.float(Dict(float, t) dict, float key) -> bool
    aten::__contains__.complex(Dict(complex, t) dict, complex key) -> bool
    aten::__contains__.Tensor(Dict(Tensor, t) dict, Tensor key) -> bool
    aten::__contains__.float_list(float[] l, float item) -> bool
    aten::ord(str string) -> int
    prim::max.int(int a, int b) -> int
    prim::max.float(float a, float b) -> float
    prim::max.int_float(int a, float b) -> float
    prim::max.float_int(float a, int b) -> float
    prim::max.int_list(int[] l, int[] r) -> int[]
    prim::max.float_list(float[] l, float[] r) -> float[]
    prim::max.bool_list(bool[] l, bool[] r) -> bool[]
    prim::max.self_bool(bool[] self) -> bool
    prim::min.int(int a, int b) -> int
    prim::min.float(float a, float b) -> float
    prim::min.int_float(int a, float b) -> float
    prim::min.float_int(float a, int b) -> float
    prim::min.int_list(int[] l, int[] r) -> int[]
    prim::min.float_list(float[] l, float[] r) -> float[]
    prim::min.bool_list(bool[] l, bool[] r) -> bool[]
    prim::min.self_bool(bool[] self) -> bool
    aten::floordiv.int(int a, int b) -> int
    aten::floordiv.float(float a, float b) -> float
    aten::floordiv.int_float(int a, float b) -> float
    aten::floordiv.float_int(float a, int b) -> float
    aten::get_autocast_dtype(str device_type) -> ScalarType
    aten::is_autocast_cpu_enabled() -> bool
    aten::is_autocast_enabled() -> bool
    aten::len.Dict_str(Dict(str, t) self) -> int
    aten::len.Dict_int(Dict(int, t) self) -> int
    aten::len.Dict_bool(Dict(bool, t) self) -> int
    aten::len.Dict_float(Dict(float, t) self) -> int
    aten::len.Dict_complex(Dict(complex, t) self) -> int
    aten::len.Dict_Tensor(Dict(Tensor, t) self) -> int
    aten::pop.Dict_str(Dict(str, t)(a!) self, str key) -> t(*)
    aten::pop.Dict_default_str(Dict(str, t)(a!) self, str key, t default_value) -> t(*)
    aten::pop.Dict_int(Dict(int, t)(a!) self, int key) -> t(*)
    aten::pop.Dict_default_int(Dict(int, t)(a!) self, int key, t default_value) -> t(*)
    aten::pop.Dict_bool(Dict(bool, t)(a!) self, bool key) -> t(*)
    aten::pop.Dict_default_bool(Dict(bool, t)(a!) self, bool key, t default_value) -> t(*)
    aten::pop.Dict_float(Dict(float, t)(a!) self, float key) -> t(*)
    aten::pop.Dict_default_float(Dict(float, t)(a!) self, float key, t default_value) -> t(*)
    aten::pop.Dict_complex(Dict(complex, t)(a!) self, complex key) -> t(*)
    aten::pop.Dict_default_complex(Dict(complex, t)(a!) self, complex key, t default_value) -> \
      t(*)
    aten::pop.Dict_Tensor(Dict(Tensor, t)(a!) self, Tensor key) -> t(*)
    aten::pop.Dict_default_Tensor(Dict(Tensor, t)(a!) self, Tensor key, t default_value) -> t(*)
    aten::Delete.Dict_str(Dict(str, t)(a!) self, str key) -> ()
    aten::Delete.Dict_int(Dict(int, t)(a!) self, int key) -> ()
    aten::Delete.Dict_bool(Dict(bool, t)(a!) self, bool key) -> ()
    aten::Delete.Dict_float(Dict(float, t)(a!) self, float key) -> ()
    aten::Delete.Dict_complex(Dict(complex, t)(a!) self, complex key) -> ()
    aten::Delete.Dict_Tensor(Dict(Tensor, t)(a!) self, Tensor key) -> ()
    aten::clear.str(Dict(str, t)(a!) self) -> ()
    aten::clear.int(Dict(int, t)(a!) self) -> ()
    aten::clear.bool(Dict(bool, t)(a!) self) -> ()
    aten::clear.float(Dict(float, t)(a!) self) -> ()
    aten::clear.complex(Dict(complex, t)(a!) self) -> ()
    aten::clear.Tensor(Dict(Tensor, t)(a!) self) -> ()
    aten::__getitem__.str(str s, int index) -> str
    aten::__getitem__.Dict_str(Dict(str, t) self, str key) -> t(*)
    aten::__getitem__.Dict_int(Dict(int, t) self, int key) -> t(*)
    aten::__getitem__.Dict_bool(Dict(bool, t) self, bool key) -> t(*)
    aten::__getitem__.Dict_float(Dict(float, t) self, float key) -> t(*)
    aten::__getitem__.Dict_complex(Dict(complex, t) self, complex key) -> t(*)
    aten::__getitem__.Dict_Tensor(Dict(Tensor, t) self, Tensor key) -> t(*)
    prim::unchecked_unwrap_optional(t(a)? optional) -> t(a)
    prim::EnumValue.int(AnyEnumType enum) -> int
    prim::EnumValue.float(AnyEnumType enum) -> float
    prim::EnumValue.str(AnyEnumType enum) -> str
    prim::EnumName(AnyEnumType enum) -> str
    aten::format(str self, ...) -> str
    aten::Complex.Scalar(Scalar a) -> complex
    aten::Complex.Tensor_Tensor(Tensor a, Tensor b) -> complex
    aten::Complex.int_bool(int x, bool y) -> complex
    aten::Complex.bool_int(bool x, int y) -> complex
    aten::Complex.float_bool(float x, bool y) -> complex
    aten::Complex.bool_float(bool x, float y) -> complex
    aten::Complex.float_int(float x, int y) -> complex
    aten::Complex.int_float(int x, float y) -> complex
    aten::Complex.int_int(int x, int y) -> complex
    aten::Complex.bool_bool(bool x, bool y) -> complex
    aten::Complex.float_float(float x, float y) -> complex
    aten::Complex.Tensor_float(Tensor x, float y) -> complex
    aten::Complex.float_Tensor(float x, Tensor y) -> complex
    aten::Complex.Tensor_int(Tensor x, int y) -> complex
    aten::Complex.int_Tensor(int x, Tensor y) -> complex
    aten::Complex.Tensor_bool(Tensor x, bool y) -> complex
    aten::Complex.bool_Tensor(bool x, Tensor y) -> complex
    aten::ComplexImplicit(Tensor a) -> complex
    prim::unchecked_cast(t x) -> t
    aten::__derive_index(int index, int start, int step) -> int
    aten::str(t elem) -> str
    aten::isspace(str self) -> bool
    aten::isalpha(str self) -> bool
    aten::isnumeric(str self) -> bool
    prim::data(Tensor(a) a) -> Tensor(a)
    aten::mathremainder.int(int a, int b) -> float
    aten::mathremainder.float(float a, float b) -> float
    aten::mathremainder.int_float(int a, float b) -> float
    aten::mathremainder.float_int(float a, int b) -> float
    aten::items.str(Dict(str, t) self) -> ((str, t)[])
    aten::items.int(Dict(int, t) self) -> ((int, t)[])
    aten::items.bool(Dict(bool, t) self) -> ((bool, t)[])
    aten::items.float(Dict(float, t) self) -> ((float, t)[])
    aten::items.complex(Dict(complex, t) self) -> ((complex, t)[])
    aten::items.Tensor(Dict(Tensor, t) self) -> ((Tensor, t)[])
    aten::update.str(Dict(str, t)(a!) self, Dict(str, t)(a!) to_add) -> ()
    aten::update.int(Dict(int, t)(a!) self, Dict(int, t)(a!) to_add) -> ()
    aten::update.bool(Dict(bool, t)(a!) self, Dict(bool, t)(a!) to_add) -> ()
    aten::update.float(Dict(float, t)(a!) self, Dict(float, t)(a!) to_add) -> ()
    aten::update.complex(Dict(complex, t)(a!) self, Dict(complex, t)(a!) to_add) -> ()
    aten::update.Tensor(Dict(Tensor, t)(a!) self, Dict(Tensor, t)(a!) to_add) -> ()
    prim::is_meta(Tensor a) -> bool
    prim::is_maia(Tensor a) -> bool
    prim::itemsize(Tensor a) -> int
    prim::nbytes(Tensor a) -> int
    prim::name(Tensor a) -> str?
    prim::is_nested(Tensor a) -> bool
    prim::index(Device self) -> int?
    aten::isprintable(str self) -> bool
    prim::type(Device self) -> str
    aten::unflatten_dense_tensors(Tensor flat, Tensor[] tensors) -> Tensor[]
    aten::gamma.int(int a) -> float
    aten::gamma.float(float a) -> float
    aten::gamma.Scalar(Scalar a) -> Scalar
    aten::histogramdd(Tensor self, int[] bins, float[]? range=None, Tensor? weight=None, bool \
      density=False) -> (Tensor hist, Tensor[] bin_edges)
    aten::histogramdd.int_bins(Tensor self, int bins, float[]? range=None, Tensor? weight=None, \
      bool density=False) -> (Tensor hist, Tensor[] bin_edges)
    aten::histogramdd.TensorList_bins(Tensor self, Tensor[] bins, float[]? range=None, Tensor? \
      weight=None, bool density=False) -> (Tensor hist, Tensor[] bin_edges)
    aten::rnn_relu.data(Tensor data, Tensor batch_sizes, Tensor hx, Tensor[] params, bool \
      has_biases, int num_layers, float dropout, bool train, bool bidirectional) -> (Tensor, \
      Tensor)
    aten::rnn_tanh.data(Tensor data, Tensor batch_sizes, Tensor hx, Tensor[] params, bool \
      has_biases, int num_layers, float dropout, bool train, bool bidirectional) -> (Tensor, \
      Tensor)
    aten::gru.data(Tensor data, Tensor batch_sizes, Tensor hx, Tensor[] params, bool has_biases, \
      int num_layers, float dropout, bool train, bool bidirectional) -> (Tensor, Tensor)
    aten::lstm.data(Tensor data, Tensor batch_sizes, Tensor[] hx, Tensor[] params, bool \
      has_biases, int num_layers, float dropout, bool train, bool bidirectional) -> (Tensor, \
      Tensor, Tensor)
    aten::broadcast_shapes(int[] a, int[] b) -> int[]
    aten::promote_types(ScalarType type1, ScalarType type2) -> ScalarType
    aten::can_cast(ScalarType from_, ScalarType to) -> bool
    prim::is_mtia(Tensor a) -> bool
    aten::is_grad_enabled() -> bool
    aten::is_vulkan_available() -> bool
    prim::is_ipu(Tensor a) -> bool
    aten::is_contiguous(Tensor self) -> bool
    aten::is_contiguous.memory_format(Tensor self, MemoryFormat memory_format) -> bool
    aten::storage_offset(Tensor self) -> int
    aten::get_device(Tensor self) -> int
    aten::is_inference(Tensor self) -> bool
    aten::is_signed(Tensor self) -> bool
    aten::is_distributed(Tensor self) -> bool
    aten::lower(str self) -> str
    aten::to_here(RRef(t) self, float timeout=60.) -> t(*)
    aten::islower(str self) -> bool
    aten::expandtabs(str self, int tabsize=8) -> str
    aten::rfind(str self, str substr, int start=0, int end=-1) -> int
    aten::endswith(str self, str substr, int start=0, int end=-1) -> bool
    aten::center(str self, int width, str fillchar=" ") -> str
    aten::retains_grad(Tensor self) -> bool
    aten::retain_grad(Tensor(a!) self) -> ()
    aten::output_nr(Tensor self) -> int
    aten::is_leaf(Tensor self) -> bool
    aten::popitem.str(Dict(str, t)(a!) self) -> ((str, t))
    aten::popitem.int(Dict(int, t)(a!) self) -> ((int, t))
    aten::popitem.bool(Dict(bool, t)(a!) self) -> ((bool, t))
    aten::popitem.float(Dict(float, t)(a!) self) -> ((float, t))
    aten::popitem.complex(Dict(complex, t)(a!) self) -> ((complex, t))
    aten::popitem.Tensor(Dict(Tensor, t)(a!) self) -> ((Tensor, t))
    aten::get.str(Dict(str, t) self, str key) -> t(*)?
    aten::get.default_str(Dict(str, t) self, str key, t default_value) -> t(*)
    aten::get.int(Dict(int, t) self, int key) -> t(*)?
    aten::get.default_int(Dict(int, t) self, int key, t default_value) -> t(*)
    aten::get.bool(Dict(bool, t) self, bool key) -> t(*)?
    aten::get.default_bool(Dict(bool, t) self, bool key, t default_value) -> t(*)
    aten::get.float(Dict(float, t) self, float key) -> t(*)?
    aten::get.default_float(Dict(float, t) self, float key, t default_value) -> t(*)
    aten::get.complex(Dict(complex, t) self, complex key) -> t(*)?
    aten::get.default_complex(Dict(complex, t) self, complex key, t default_value) -> t(*)
    aten::get.Tensor(Dict(Tensor, t) self, Tensor key) -> t(*)?
    aten::get.default_Tensor(Dict(Tensor, t) self, Tensor key, t default_value) -> t(*)
    aten::fabs.int(int a) -> float
    aten::fabs.float(float a) -> float
    aten::fabs.Scalar(Scalar a) -> Scalar
    aten::values(Tensor(a) self) -> Tensor(a)
    aten::values.str(Dict(str, t) self) -> t[](*)
    aten::values.int(Dict(int, t) self) -> t[](*)
    aten::values.bool(Dict(bool, t) self) -> t[](*)
    aten::values.float(Dict(float, t) self) -> t[](*)
    aten::values.complex(Dict(complex, t) self) -> t[](*)
    aten::values.Tensor(Dict(Tensor, t) self) -> t[](*)
    aten::is_coalesced(Tensor self) -> bool
    aten::dense_dim(Tensor self) -> int
    prim::is_vulkan(Tensor a) -> bool
    aten::istitle(str self) -> bool
    prim::is_mps(Tensor a) -> bool
    prim::is_mkldnn(Tensor a) -> bool
    aten::initial_seed(Generator self) -> int
    aten::Generator(*, Device? device=None, int? seed=None) -> Generator
    aten::join(str self, str[] values) -> str
    prim::is_sparse(Tensor a) -> bool
    aten::remove.int(int[](a!) self, int el) -> ()
    aten::remove.float(float[](a!) self, float el) -> ()
    aten::remove.bool(bool[](a!) self, bool el) -> ()
    aten::remove.Tensor(Tensor[](a!) self, Tensor el) -> ()
    aten::remove.str(str[](a!) self, str el) -> ()
    aten::is_non_overlapping_and_dense(Tensor self) -> bool
    aten::is_pinned(Tensor self, Device? device=None) -> bool
    aten::batch_norm_gather_stats_with_counts(Tensor input, Tensor mean, Tensor invstd, Tensor? \
      running_mean, Tensor? running_var, float momentum, float eps, Tensor counts) -> (Tensor, \
      Tensor)
    aten::batch_norm_gather_stats(Tensor input, Tensor mean, Tensor invstd, Tensor? \
      running_mean, Tensor? running_var, float momentum, float eps, int count) -> (Tensor, \
      Tensor)
    aten::batch_norm_stats(Tensor input, float eps) -> (Tensor, Tensor)
    aten::seed(Generator(a!) self) -> int
    aten::is_strides_like_format(Tensor self, MemoryFormat memory_format) -> bool
    aten::ljust(str self, int width, str fillchar=" ") -> str
    aten::get_gradients(int context_id) -> Dict(Tensor, Tensor)
    aten::copy.Dict_str(Dict(str, t)(a) self) -> Dict(str, t)
    aten::copy.Dict_int(Dict(int, t)(a) self) -> Dict(int, t)
    aten::copy.Dict_bool(Dict(bool, t)(a) self) -> Dict(bool, t)
    aten::copy.Dict_float(Dict(float, t)(a) self) -> Dict(float, t)
    aten::copy.Dict_complex(Dict(complex, t)(a) self) -> Dict(complex, t)
    aten::copy.Dict_Tensor(Dict(Tensor, t)(a) self) -> Dict(Tensor, t)
    aten::swapcase(str self) -> str
    aten::linalg_lu(Tensor A, *, bool pivot=True) -> (Tensor P, Tensor L, Tensor U)
    aten::capitalize(str self) -> str
    aten::nll_loss2d_forward(Tensor self, Tensor target, Tensor? weight, int reduction, SymInt \
      ignore_index) -> (Tensor output, Tensor total_weight)
    aten::strip(str self, str chars=" \\n\\t\\f\\v") -> str
    aten::floor_divide_.Scalar(Tensor(a!) self, Scalar other) -> Tensor(a!)
    aten::isupper(str self) -> bool
    aten::title(str self) -> str
    aten::factorial.int(int a) -> int
    aten::degrees.int(int a) -> float
    aten::degrees.float(float a) -> float
    aten::degrees.Scalar(Scalar a) -> Scalar
    aten::batch_norm_update_stats(Tensor input, Tensor? running_mean, Tensor? running_var, float \
      momentum) -> (Tensor, Tensor)
    aten::upper(str self) -> str
    aten::nll_loss_forward(Tensor self, Tensor target, Tensor? weight, int reduction, SymInt \
      ignore_index) -> (Tensor output, Tensor total_weight)
    aten::histogram.bins_tensor(Tensor self, Tensor bins, *, Tensor? weight=None, bool \
      density=False) -> (Tensor hist, Tensor bin_edges)
    aten::histogram.bin_ct(Tensor self, int bins=100, *, float[]? range=None, Tensor? \
      weight=None, bool density=False) -> (Tensor hist, Tensor bin_edges)
    aten::is_set_to(Tensor self, Tensor tensor) -> bool
    aten::splitlines(str self, bool keepends=False) -> str[]
    aten::modf(float a) -> (float, float)
    aten::rpartition(str self, str separator) -> (str, str, str)
    aten::partition(str self, str separator) -> (str, str, str)
    aten::replace(str self, str old, str new, int max=-1) -> str
    aten::rjust(str self, int width, str fillchar=" ") -> str
    aten::zfill(str self, int width) -> str
    aten::rsplit(str self, str separator=" ", int max=-1) -> str[]
    prim::is_sparse_csr(Tensor a) -> bool
    aten::lstrip(str self, str chars=" \\n\\t\\f\\v") -> str
    aten::rstrip(str self, str chars=" \\n\\t\\f\\v") -> str
    aten::linalg_lu_factor(Tensor A, *, bool pivot=True) -> (Tensor LU, Tensor pivots)
    aten::less.Tensor(Tensor self, Tensor other) -> Tensor
    aten::less.Scalar(Tensor self, Scalar other) -> Tensor
    """
}
