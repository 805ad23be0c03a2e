extension KnownSchemas {
  // From `torch._C._jit_get_all_schemas()` of PyTorch 2.13.
  static let part3 = """
    aten::mul.int_complex(int a, complex b) -> complex
    aten::mul.complex_int(complex a, int b) -> complex
    aten::mul.float_complex(float a, complex b) -> complex
    aten::mul.complex_float(complex a, float b) -> complex
    aten::mul.int_float(int a, float b) -> float
    aten::mul.float_int(float a, int b) -> float
    aten::div.Tensor(Tensor self, Tensor other) -> Tensor
    aten::div.Scalar(Tensor self, Scalar other) -> Tensor
    aten::div.int(int a, int b) -> float
    aten::div.complex(complex a, complex b) -> complex
    aten::div.float(float a, float b) -> float
    quantized::add_scalar_relu_out(Tensor qa, Scalar b, Tensor(a!) out) -> Tensor(a!) out
    quantized::add_scalar_relu_out.Tensor(Tensor qa, Tensor b, Tensor(a!) out) -> Tensor(a!) out
    aten::le.Tensor(Tensor self, Tensor other) -> Tensor
    aten::le.Scalar(Tensor self, Scalar other) -> Tensor
    aten::le.int(int a, int b) -> bool
    aten::le.float(float a, float b) -> bool
    aten::le.int_float(int a, float b) -> bool
    aten::le.float_int(float a, int b) -> bool
    aten::le.str(str a, str b) -> bool
    aten::ne.Tensor(Tensor self, Tensor other) -> Tensor
    aten::ne.Scalar(Tensor self, Scalar other) -> Tensor
    aten::ne.int_list(int[] a, int[] b) -> bool
    aten::ne.device(Device a, Device b) -> bool
    aten::ne.bool(bool a, bool b) -> bool
    aten::ne.enum(AnyEnumType a, AnyEnumType b) -> bool
    aten::ne.int(int a, int b) -> bool
    aten::ne.complex(complex a, complex b) -> bool
    aten::ne.float(float a, float b) -> bool
    aten::ne.int_float(int a, float b) -> bool
    aten::ne.float_int(float a, int b) -> bool
    aten::ne.float_complex(float a, complex b) -> bool
    aten::ne.complex_float(complex a, float b) -> bool
    aten::ne.str(str a, str b) -> bool
    aten::ne.float_list(float[] a, float[] b) -> bool
    aten::ne.Tensor_list(Tensor[] a, Tensor[] b) -> bool
    aten::ne.bool_list(bool[] a, bool[] b) -> bool
    aten::ne.str_list(str[] a, str[] b) -> bool
    aten::bernoulli_.Tensor(Tensor(a!) self, Tensor p, *, Generator? generator=None) -> \
      Tensor(a!)
    aten::randint_like.Tensor(Tensor self, Tensor high, *, ScalarType? dtype=None, Layout? \
      layout=None, Device? device=None, bool? pin_memory=None, MemoryFormat? memory_format=None) \
      -> Tensor
    aten::einsum.sublist(Tensor a, ...) -> Tensor
    aten::expm1.int(int a) -> float
    aten::expm1.float(float a) -> float
    aten::expm1.Scalar(Scalar a) -> Scalar
    aten::isdecimal(str self) -> bool
    quantized::linear_relu_dynamic(Tensor X, \
      __torch__.torch.classes.quantized.LinearPackedParamsBase W_prepack, bool \
      reduce_range=False) -> Tensor Y
    quantized::conv2d_stride(__torch__.torch.classes.quantized.Conv2dPackedParamsBase \
      packed_weights) -> int[]
    aten::bitwise_right_shift.Tensor(Tensor self, Tensor other) -> Tensor
    aten::bitwise_right_shift.Tensor_Scalar(Tensor self, Scalar other) -> Tensor
    aten::bitwise_right_shift.Scalar_Tensor(Scalar self, Tensor other) -> Tensor
    aten::cos.int(int a) -> float
    aten::cos.float(float a) -> float
    aten::cos.complex(complex a) -> complex
    aten::cos.Scalar(Scalar a) -> Scalar
    aten::min.other(Tensor self, Tensor other) -> Tensor
    aten::not_equal.Tensor(Tensor self, Tensor other) -> Tensor
    aten::not_equal.Scalar(Tensor self, Scalar other) -> Tensor
    quantized::conv_transpose3d_prepack(Tensor weight, Tensor? bias, int[] stride, int[] \
      padding, int[] output_padding, int[] dilation, int groups) -> \
      __torch__.torch.classes.quantized.Conv3dPackedParamsBase
    quantized::conv2d_prepack(Tensor weight, Tensor? bias, int[] stride, int[] padding, int[] \
      dilation, int groups) -> __torch__.torch.classes.quantized.Conv2dPackedParamsBase
    quantized::conv3d_prepack(Tensor weight, Tensor? bias, int[] stride, int[] padding, int[] \
      dilation, int groups) -> __torch__.torch.classes.quantized.Conv3dPackedParamsBase
    quantized::conv_transpose1d_prepack(Tensor weight, Tensor? bias, int[] stride, int[] \
      padding, int[] output_padding, int[] dilation, int groups) -> \
      __torch__.torch.classes.quantized.Conv2dPackedParamsBase
    quantized::linear_tanh(Tensor X, __torch__.torch.classes.quantized.LinearPackedParamsBase \
      W_prepack, float Y_scale_i, int Y_zero_point_i) -> Tensor Y
    aten::special_xlogy.other_scalar(Tensor self, Scalar other) -> Tensor
    aten::special_xlogy.self_scalar(Scalar self, Tensor other) -> Tensor
    aten::slogdet(Tensor self) -> (Tensor sign, Tensor logabsdet)
    quantized::linear_prepack_fp16_legacy(Tensor W, Tensor? B=None) -> Tensor W_prepack
    aten::isidentifier(str self) -> bool
    quantized::mul(Tensor qa, Tensor qb, float scale, int zero_point) -> Tensor qc
    quantized::mul.Scalar(Tensor qa, Scalar b) -> Tensor qc
    quantized::mul.Scalar2(Scalar b, Tensor qa) -> Tensor qc
    quantized::threshold(Tensor qx, Scalar threshold, Scalar value) -> Tensor qy
    quantized::conv_transpose2d_groups(__torch__.torch.classes.quantized.Conv2dPackedParamsBase \
      packed_weights) -> int
    quantized::conv3d_stride(__torch__.torch.classes.quantized.Conv3dPackedParamsBase \
      packed_weights) -> int[]
    quantized::conv_transpose3d_dilation(__torch__.torch.classes.quantized.Conv3dPackedParamsBase \
      packed_weights) -> int[]
    quantized::conv_transpose3d_groups(__torch__.torch.classes.quantized.Conv3dPackedParamsBase \
      packed_weights) -> int
    aten::is_owner(RRef(t) self) -> bool
    quantized::mul_scalar_relu(Tensor qa, Scalar b) -> Tensor qc
    quantized::mul_scalar_relu.Tensor(Tensor qa, Tensor b) -> Tensor qc
    quantized::mul_relu_out(Tensor qa, Tensor qb, Tensor(a!) out) -> Tensor(a!) out
    aten::divide.Tensor(Tensor self, Tensor other) -> Tensor
    aten::divide.Scalar(Tensor self, Scalar other) -> Tensor
    aten::multiply.Tensor(Tensor self, Tensor other) -> Tensor
    aten::multiply.Scalar(Tensor self, Scalar other) -> Tensor
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
    quantized::add_relu(Tensor qa, Tensor qb, float scale, int zero_point) -> Tensor qc
    quantized::add_relu.Scalar(Tensor qa, Scalar b) -> Tensor qc
    quantized::add_relu.Scalar2(Scalar b, Tensor qa) -> Tensor qc
    aten::native_batch_norm(Tensor input, Tensor? weight, Tensor? bias, Tensor? running_mean, \
      Tensor? running_var, bool training, float momentum, float eps) -> (Tensor, Tensor, Tensor)
    aten::sort.int(int[](a!) self, bool reverse=False) -> ()
    aten::sort.float(float[](a!) self, bool reverse=False) -> ()
    aten::sort.Tensor(Tensor[](a!) self, bool reverse=False) -> ()
    aten::sort.bool(bool[](a!) self, bool reverse=False) -> ()
    aten::sort.str(str[](a!) self, bool reverse=False) -> ()
    aten::sort.any(t[](a!) self, bool reverse=False) -> ()
    quantized::clamp(Tensor qx, Scalar? min=None, Scalar? max=None) -> Tensor qy
    aten::native_dropout(Tensor input, float p, bool? train) -> (Tensor, Tensor)
    aten::radians.int(int a) -> float
    aten::radians.float(float a) -> float
    aten::radians.Scalar(Scalar a) -> Scalar
    prim::is_xla(Tensor a) -> bool
    quantized::linear_leaky_relu(Tensor X, \
      __torch__.torch.classes.quantized.LinearPackedParamsBase W_prepack, float Y_scale_i, int \
      Y_zero_point_i, float negative_slope) -> Tensor Y
    aten::owner(RRef(t) self) -> __torch__.torch.classes.dist_rpc.WorkerInfo
    aten::any.str(str[] self) -> bool
    prim::is_cpu(Tensor a) -> bool
    quantized::linear_relu(Tensor X, __torch__.torch.classes.quantized.LinearPackedParamsBase \
      W_prepack, float Y_scale_i, int Y_zero_point_i) -> Tensor Y
    quantized::conv2d_transpose(__torch__.torch.classes.quantized.Conv2dPackedParamsBase \
      packed_weights) -> int
    aten::acosh.int(int a) -> float
    aten::acosh.float(float a) -> float
    aten::acosh.complex(complex a) -> complex
    aten::acosh.Scalar(Scalar a) -> Scalar
    aten::angle.int(int a) -> float
    aten::angle.float(float a) -> float
    aten::angle.complex(complex a) -> float
    aten::angle.Scalar(Scalar a) -> Scalar
    aten::asinh.int(int a) -> float
    aten::asinh.float(float a) -> float
    aten::asinh.complex(complex a) -> complex
    aten::asinh.Scalar(Scalar a) -> Scalar
    aten::atanh.int(int a) -> float
    aten::atanh.float(float a) -> float
    aten::atanh.complex(complex a) -> complex
    aten::atanh.Scalar(Scalar a) -> Scalar
    aten::erf.int(int a) -> float
    aten::erf.float(float a) -> float
    aten::erf.Scalar(Scalar a) -> Scalar
    aten::isnan.complex(complex a) -> bool
    aten::isinf.complex(complex a) -> bool
    quantized::quantized_lstm_cell_dynamic(Tensor input, Tensor[] hx, \
      __torch__.torch.classes.quantized.LinearPackedParamsBase w_ih, \
      __torch__.torch.classes.quantized.LinearPackedParamsBase w_hh, Tensor bias_ih, Tensor \
      bias_hh) -> (Tensor, Tensor)
    quantized::make_quantized_cell_params(Tensor w_ih, Tensor w_hh, Tensor b_ih, Tensor b_hh) -> \
      __torch__.torch.classes.rnn.CellParamsBase
    quantized::add(Tensor qa, Tensor qb, float scale, int zero_point) -> Tensor qc
    quantized::add.Scalar(Tensor qa, Scalar b) -> Tensor qc
    quantized::add.Scalar2(Scalar b, Tensor qa) -> Tensor qc
    quantized::add_scalar(Tensor qa, Scalar b) -> Tensor qc
    quantized::add_scalar.Tensor(Tensor qa, Tensor b) -> Tensor qc
    quantized::conv2d_groups(__torch__.torch.classes.quantized.Conv2dPackedParamsBase \
      packed_weights) -> int
    quantized::conv2d_dilation(__torch__.torch.classes.quantized.Conv2dPackedParamsBase \
      packed_weights) -> int[]
    aten::erfc.int(int a) -> float
    aten::erfc.float(float a) -> float
    aten::erfc.Scalar(Scalar a) -> Scalar
    quantized::conv1d_prepack(Tensor weight, Tensor? bias, int[] stride, int[] padding, int[] \
      dilation, int groups) -> __torch__.torch.classes.quantized.Conv2dPackedParamsBase
    quantized::linear_with_input_q_dq_qweight_dq_output_fp32(Tensor X, float X_scale, int \
      X_zero_point, __torch__.torch.classes.quantized.LinearPackedParamsBase W_prepack) -> \
      Tensor Y
    quantized::conv2d_unpack_sizes(Any packed_weights) -> Any
    quantized::linear_unpack.legacy(Tensor W_prepack) -> (Tensor W_origin, Tensor? B_origin)
    aten::confirmed_by_owner(RRef(t) self) -> bool
    quantized::linear(Tensor X, __torch__.torch.classes.quantized.LinearPackedParamsBase \
      W_prepack, float Y_scale_i, int Y_zero_point_i) -> Tensor Y
    quantized::linear_prepack_legacy(Tensor W, Tensor? B=None) -> Tensor W_prepack
    quantized::mul_scalar_out(Tensor qa, Scalar b, Tensor(a!) out) -> Tensor(a!) out
    quantized::mul_scalar_out.Tensor(Tensor qa, Tensor b, Tensor(a!) out) -> Tensor(a!) out
    quantized::mul_scalar_relu_out(Tensor qa, Scalar b, Tensor(a!) out) -> Tensor(a!) out
    quantized::mul_scalar_relu_out.Tensor(Tensor qa, Tensor b, Tensor(a!) out) -> Tensor(a!) out
    quantized::conv2d_output_padding(__torch__.torch.classes.quantized.Conv2dPackedParamsBase \
      packed_weights) -> int[]
    quantized::conv3d_output_padding(__torch__.torch.classes.quantized.Conv3dPackedParamsBase \
      packed_weights) -> int[]
    quantized::conv3d_dilation(__torch__.torch.classes.quantized.Conv3dPackedParamsBase \
      packed_weights) -> int[]
    quantized::conv3d_groups(__torch__.torch.classes.quantized.Conv3dPackedParamsBase \
      packed_weights) -> int
    quantized::conv3d_transpose(__torch__.torch.classes.quantized.Conv3dPackedParamsBase \
      packed_weights) -> int
    quantized::conv_transpose2d_stride(__torch__.torch.classes.quantized.Conv2dPackedParamsBase \
      packed_weights) -> int[]
    quantized::conv_transpose2d_padding(__torch__.torch.classes.quantized.Conv2dPackedParamsBase \
      packed_weights) -> int[]
    quantized::conv_transpose2d_output_padding(__torch__.torch.classes.quantized.Conv2dPackedParamsBase \
      packed_weights) -> int[]
    quantized::conv_transpose2d_dilation(__torch__.torch.classes.quantized.Conv2dPackedParamsBase \
      packed_weights) -> int[]
    quantized::conv_transpose3d_output_padding(__torch__.torch.classes.quantized.Conv3dPackedParamsBase \
      packed_weights) -> int[]
    quantized::linear_unpack_fp16.legacy(Tensor W_prepack) -> (Tensor W_origin, Tensor? \
      B_origin)
    aten::bartlett_window.periodic(int window_length, bool periodic, *, ScalarType? dtype=None, \
      Layout? layout=None, Device? device=None, bool? pin_memory=None) -> Tensor
    aten::blackman_window.periodic(int window_length, bool periodic, *, ScalarType? dtype=None, \
      Layout? layout=None, Device? device=None, bool? pin_memory=None) -> Tensor
    aten::hann_window.periodic(int window_length, bool periodic, *, ScalarType? dtype=None, \
      Layout? layout=None, Device? device=None, bool? pin_memory=None) -> Tensor
    aten::hamming_window.periodic(int window_length, bool periodic, *, ScalarType? dtype=None, \
      Layout? layout=None, Device? device=None, bool? pin_memory=None) -> Tensor
    aten::kaiser_window.periodic(int window_length, bool periodic, *, ScalarType? dtype=None, \
      Layout? layout=None, Device? device=None, bool? pin_memory=None) -> Tensor
    aten::_nested_tensor_from_mask_left_aligned(Tensor t, Tensor mask) -> bool
    """
}
