extension KnownSchemas {
  // From `torch._C._jit_get_all_schemas()` of PyTorch 2.13.
  static let text = """
    aten::has_torch_function(...) -> bool
    aten::wait(Future(t) self) -> t
    aten::save(t item, str filename) -> ()
    aten::grad(Tensor[] outputs, Tensor[] inputs, Tensor?[]? grad_outputs=None, bool? \
      retain_graph=None, bool create_graph=False, bool allow_unused=False) -> Tensor?[]
    aten::hash.generic(t value) -> int
    prim::abs(Tensor x) -> Tensor
    aten::manual_seed(int seed) -> ()
    prim::grad(Tensor a) -> Tensor(*)
    aten::device.with_index(str type, int index) -> Device
    prim::tolist(...) -> ...
    prim::max.self_bool(bool[] self) -> bool
    prim::min.self_bool(bool[] self) -> bool
    aten::get_autocast_dtype(str device_type) -> ScalarType
    aten::is_autocast_cpu_enabled() -> bool
    prim::unchecked_cast(t x) -> t
    prim::data(Tensor(a) a) -> Tensor(a)
    prim::is_meta(Tensor a) -> bool
    prim::itemsize(Tensor a) -> int
    prim::nbytes(Tensor a) -> int
    prim::name(Tensor a) -> str?
    aten::isprintable(str self) -> bool
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
    aten::is_vulkan_available() -> bool
    aten::is_contiguous(Tensor self) -> bool
    aten::is_contiguous.memory_format(Tensor self, MemoryFormat memory_format) -> bool
    aten::storage_offset(Tensor self) -> int
    aten::get_device(Tensor self) -> int
    aten::is_inference(Tensor self) -> bool
    aten::is_signed(Tensor self) -> bool
    aten::is_distributed(Tensor self) -> bool
    aten::to_here(RRef(t) self, float timeout=60.) -> t(*)
    aten::expandtabs(str self, int tabsize=8) -> str
    aten::retains_grad(Tensor self) -> bool
    aten::retain_grad(Tensor(a!) self) -> ()
    aten::output_nr(Tensor self) -> int
    aten::is_leaf(Tensor self) -> bool
    aten::fabs.int(int a) -> float
    aten::fabs.float(float a) -> float
    aten::fabs.Scalar(Scalar a) -> Scalar
    aten::values(Tensor(a) self) -> Tensor(a)
    aten::is_coalesced(Tensor self) -> bool
    aten::dense_dim(Tensor self) -> int
    aten::istitle(str self) -> bool
    aten::initial_seed(Generator self) -> int
    aten::Generator(*, Device? device=None, int? seed=None) -> Generator
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
    aten::get_gradients(int context_id) -> Dict(Tensor, Tensor)
    aten::linalg_lu(Tensor A, *, bool pivot=True) -> (Tensor P, Tensor L, Tensor U)
    aten::nll_loss2d_forward(Tensor self, Tensor target, Tensor? weight, int reduction, SymInt \
      ignore_index) -> (Tensor output, Tensor total_weight)
    aten::title(str self) -> str
    aten::factorial.int(int a) -> int
    aten::degrees.int(int a) -> float
    aten::degrees.float(float a) -> float
    aten::degrees.Scalar(Scalar a) -> Scalar
    aten::batch_norm_update_stats(Tensor input, Tensor? running_mean, Tensor? running_var, float \
      momentum) -> (Tensor, Tensor)
    aten::nll_loss_forward(Tensor self, Tensor target, Tensor? weight, int reduction, SymInt \
      ignore_index) -> (Tensor output, Tensor total_weight)
    aten::histogram.bins_tensor(Tensor self, Tensor bins, *, Tensor? weight=None, bool \
      density=False) -> (Tensor hist, Tensor bin_edges)
    aten::histogram.bin_ct(Tensor self, int bins=100, *, float[]? range=None, Tensor? \
      weight=None, bool density=False) -> (Tensor hist, Tensor bin_edges)
    aten::is_set_to(Tensor self, Tensor tensor) -> bool
    aten::modf(float a) -> (float, float)
    aten::rpartition(str self, str separator) -> (str, str, str)
    aten::partition(str self, str separator) -> (str, str, str)
    aten::rsplit(str self, str separator=" ", int max=-1) -> str[]
    aten::linalg_lu_factor(Tensor A, *, bool pivot=True) -> (Tensor LU, Tensor pivots)
    aten::gradient.scalarint(Tensor self, *, Scalar? spacing=None, int? dim=None, int \
      edge_order=1) -> Tensor[]
    aten::gradient.scalararray(Tensor self, *, Scalar spacing, int[] dim, int edge_order=1) -> \
      Tensor[]
    aten::gradient.array(Tensor self, *, int[] dim, int edge_order=1) -> Tensor[]
    aten::gradient.scalarrayint(Tensor self, *, Scalar[] spacing, int? dim=None, int \
      edge_order=1) -> Tensor[]
    aten::gradient.scalarrayarray(Tensor self, *, Scalar[] spacing, int[] dim, int edge_order=1) \
      -> Tensor[]
    aten::gradient.tensorarrayint(Tensor self, *, Tensor[] spacing, int? dim=None, int \
      edge_order=1) -> Tensor[]
    aten::gradient.tensorarray(Tensor self, *, Tensor[] spacing, int[] dim, int edge_order=1) -> \
      Tensor[]
    quantized::cat_relu_out(Tensor[] qx, int dim, Tensor(a!) out) -> Tensor(a!)
    aten::ldexp(float x, int i) -> float
    aten::frexp.Tensor(Tensor self) -> (Tensor mantissa, Tensor exponent)
    aten::frexp(float a) -> (float, int)
    aten::linalg_inv_ex(Tensor A, *, bool check_errors=False) -> (Tensor inverse, Tensor info)
    aten::linalg_lstsq(Tensor self, Tensor b, float? rcond=None, *, str? driver=None) -> (Tensor \
      solution, Tensor residuals, Tensor rank, Tensor singular_values)
    aten::linalg_cholesky_ex(Tensor self, *, bool upper=False, bool check_errors=False) -> \
      (Tensor L, Tensor info)
    aten::linalg_qr(Tensor A, str mode="reduced") -> (Tensor Q, Tensor R)
    aten::multilabel_margin_loss_forward(Tensor self, Tensor target, int reduction) -> (Tensor \
      output, Tensor is_target)
    aten::fractional_max_pool3d(Tensor self, int[3] kernel_size, int[3] output_size, Tensor \
      random_samples) -> (Tensor, Tensor)
    aten::fractional_max_pool2d(Tensor self, int[2] kernel_size, int[2] output_size, Tensor \
      random_samples) -> (Tensor, Tensor)
    aten::triangular_solve(Tensor self, Tensor A, bool upper=True, bool transpose=False, bool \
      unitriangular=False) -> (Tensor solution, Tensor cloned_coefficient)
    aten::svd(Tensor self, bool some=True, bool compute_uv=True) -> (Tensor U, Tensor S, Tensor \
      V)
    aten::qr(Tensor self, bool some=True) -> (Tensor Q, Tensor R)
    aten::geqrf(Tensor self) -> (Tensor a, Tensor tau)
    aten::mode(Tensor self, int dim=-1, bool keepdim=False) -> (Tensor values, Tensor indices)
    aten::linalg_eigh(Tensor self, str UPLO="L") -> (Tensor eigenvalues, Tensor eigenvectors)
    aten::log_sigmoid_forward(Tensor self) -> (Tensor output, Tensor buffer)
    aten::view.dtype(Tensor(a) self, ScalarType dtype) -> Tensor(a)
    aten::Size(int[] sizes) -> int[]
    aten::linalg_slogdet(Tensor A) -> (Tensor sign, Tensor logabsdet)
    aten::local_value(RRef(t) self) -> t(*)
    aten::result_type.Tensor(Tensor tensor, Tensor other) -> ScalarType
    aten::result_type.Scalar(Tensor tensor, Scalar other) -> ScalarType
    aten::result_type.Scalar_Tensor(Scalar scalar, Tensor tensor) -> ScalarType
    aten::result_type.Scalar_Scalar(Scalar scalar1, Scalar scalar2) -> ScalarType
    aten::select.t(t[](a) list, int idx) -> t(*)
    aten::linalg_solve_ex(Tensor A, Tensor B, *, bool left=True, bool check_errors=False) -> \
      (Tensor result, Tensor info)
    aten::linalg_eig(Tensor self) -> (Tensor eigenvalues, Tensor eigenvectors)
    aten::is_nonzero(Tensor self) -> bool
    aten::is_same_size(Tensor self, Tensor other) -> bool
    quantized::cat_out(Tensor[] qx, int dim, Tensor(a!) out) -> Tensor(a!)
    quantized::mul_out(Tensor qa, Tensor qb, Tensor(a!) out) -> Tensor(a!) out
    quantized::add_scalar_out(Tensor qa, Scalar b, Tensor(a!) out) -> Tensor(a!) out
    quantized::add_scalar_out.Tensor(Tensor qa, Tensor b, Tensor(a!) out) -> Tensor(a!) out
    aten::native_layer_norm(Tensor input, SymInt[] normalized_shape, Tensor? weight, Tensor? \
      bias, float eps) -> (Tensor, Tensor, Tensor)
    aten::baddbmm.dtype(Tensor self, Tensor batch1, Tensor batch2, ScalarType out_dtype, *, \
      Scalar beta=1, Scalar alpha=1) -> Tensor
    aten::copy_.Tensor(Tensor(a!) self, Tensor other) -> Tensor(a!)
    aten::copy_.int(Tensor(a!) self, int other) -> Tensor(a!)
    aten::copy_.float(Tensor(a!) self, float other) -> Tensor(a!)
    aten::pow.int_to_int(int a, int b) -> int
    aten::native_group_norm(Tensor input, Tensor? weight, Tensor? bias, SymInt N, SymInt C, \
      SymInt HxW, int group, float eps) -> (Tensor, Tensor, Tensor)
    aten::bmm.dtype(Tensor self, Tensor mat2, ScalarType out_dtype) -> Tensor
    aten::addmm.dtype(Tensor self, Tensor mat1, Tensor mat2, ScalarType out_dtype, *, Scalar \
      beta=1, Scalar alpha=1) -> Tensor
    aten::linalg_svd(Tensor A, bool full_matrices=True, *, str? driver=None) -> (Tensor U, \
      Tensor S, Tensor Vh)
    aten::mm.dtype(Tensor self, Tensor mat2, ScalarType out_dtype) -> Tensor
    aten::element_size(Tensor self) -> int
    quantized::add_relu_out(Tensor qa, Tensor qb, Tensor(a!) out) -> Tensor(a!) out
    quantized::add_scalar_relu_out(Tensor qa, Scalar b, Tensor(a!) out) -> Tensor(a!) out
    quantized::add_scalar_relu_out.Tensor(Tensor qa, Tensor b, Tensor(a!) out) -> Tensor(a!) out
    aten::randint_like.Tensor(Tensor self, Tensor high, *, ScalarType? dtype=None, Layout? \
      layout=None, Device? device=None, bool? pin_memory=None, MemoryFormat? memory_format=None) \
      -> Tensor
    aten::einsum.sublist(Tensor a, ...) -> Tensor
    quantized::linear_tanh(Tensor X, __torch__.torch.classes.quantized.LinearPackedParamsBase \
      W_prepack, float Y_scale_i, int Y_zero_point_i) -> Tensor Y
    aten::slogdet(Tensor self) -> (Tensor sign, Tensor logabsdet)
    quantized::linear_prepack_fp16_legacy(Tensor W, Tensor? B=None) -> Tensor W_prepack
    aten::isidentifier(str self) -> bool
    aten::is_owner(RRef(t) self) -> bool
    quantized::mul_relu_out(Tensor qa, Tensor qb, Tensor(a!) out) -> Tensor(a!) out
    aten::linalg_ldl_factor(Tensor self, *, bool hermitian=False) -> (Tensor LD, Tensor pivots)
    aten::unique_dim(Tensor self, int dim, bool sorted=True, bool return_inverse=False, bool \
      return_counts=False) -> (Tensor, Tensor, Tensor)
    aten::unique_dim_consecutive(Tensor self, int dim, bool return_inverse=False, bool \
      return_counts=False) -> (Tensor, Tensor, Tensor)
    aten::owner_name(RRef(t) self) -> str
    aten::linspace.Tensor_Tensor(Tensor start, Tensor end, int steps, *, ScalarType? dtype=None, \
      Layout? layout=None, Device? device=None, bool? pin_memory=None) -> Tensor
    aten::linspace.Tensor_Scalar(Tensor start, Scalar end, int steps, *, ScalarType? dtype=None, \
      Layout? layout=None, Device? device=None, bool? pin_memory=None) -> Tensor
    aten::linspace.Scalar_Tensor(Scalar start, Tensor end, int steps, *, ScalarType? dtype=None, \
      Layout? layout=None, Device? device=None, bool? pin_memory=None) -> Tensor
    aten::logspace.Tensor_Tensor(Tensor start, Tensor end, int steps, float base=10., *, \
      ScalarType? dtype=None, Layout? layout=None, Device? device=None, bool? pin_memory=None) \
      -> Tensor
    aten::logspace.Tensor_Scalar(Tensor start, Scalar end, int steps, float base=10., *, \
      ScalarType? dtype=None, Layout? layout=None, Device? device=None, bool? pin_memory=None) \
      -> Tensor
    aten::logspace.Scalar_Tensor(Scalar start, Tensor end, int steps, float base=10., *, \
      ScalarType? dtype=None, Layout? layout=None, Device? device=None, bool? pin_memory=None) \
      -> Tensor
    aten::linalg_ldl_factor_ex(Tensor self, *, bool hermitian=False, bool check_errors=False) -> \
      (Tensor LD, Tensor pivots, Tensor info)
    quantized::add_out(Tensor qa, Tensor qb, Tensor(a!) out) -> Tensor(a!) out
    aten::lu_unpack(Tensor LU_data, Tensor LU_pivots, bool unpack_data=True, bool \
      unpack_pivots=True) -> (Tensor P, Tensor L, Tensor U)
    aten::linalg_lu_factor_ex(Tensor A, *, bool pivot=True, bool check_errors=False) -> (Tensor \
      LU, Tensor pivots, Tensor info)
    aten::native_batch_norm(Tensor input, Tensor? weight, Tensor? bias, Tensor? running_mean, \
      Tensor? running_var, bool training, float momentum, float eps) -> (Tensor, Tensor, Tensor)
    aten::native_dropout(Tensor input, float p, bool? train) -> (Tensor, Tensor)
    aten::radians.int(int a) -> float
    aten::radians.float(float a) -> float
    aten::radians.Scalar(Scalar a) -> Scalar
    quantized::linear_leaky_relu(Tensor X, \
      __torch__.torch.classes.quantized.LinearPackedParamsBase W_prepack, float Y_scale_i, int \
      Y_zero_point_i, float negative_slope) -> Tensor Y
    aten::owner(RRef(t) self) -> __torch__.torch.classes.dist_rpc.WorkerInfo
    aten::any.str(str[] self) -> bool
    prim::is_cpu(Tensor a) -> bool
    quantized::make_quantized_cell_params(Tensor w_ih, Tensor w_hh, Tensor b_ih, Tensor b_hh) -> \
      __torch__.torch.classes.rnn.CellParamsBase
    quantized::conv2d_unpack_sizes(Any packed_weights) -> Any
    quantized::linear_unpack.legacy(Tensor W_prepack) -> (Tensor W_origin, Tensor? B_origin)
    aten::confirmed_by_owner(RRef(t) self) -> bool
    quantized::linear_prepack_legacy(Tensor W, Tensor? B=None) -> Tensor W_prepack
    quantized::mul_scalar_out(Tensor qa, Scalar b, Tensor(a!) out) -> Tensor(a!) out
    quantized::mul_scalar_out.Tensor(Tensor qa, Tensor b, Tensor(a!) out) -> Tensor(a!) out
    quantized::mul_scalar_relu_out(Tensor qa, Scalar b, Tensor(a!) out) -> Tensor(a!) out
    quantized::mul_scalar_relu_out.Tensor(Tensor qa, Tensor b, Tensor(a!) out) -> Tensor(a!) out
    quantized::linear_unpack_fp16.legacy(Tensor W_prepack) -> (Tensor W_origin, Tensor? \
      B_origin)
    """
}
