extension KnownSchemas {
  // From `torch._C._jit_get_all_schemas()` of PyTorch 2.13.
  static let part2 = """
    aten::less_equal.Tensor(Tensor self, Tensor other) -> Tensor
    aten::less_equal.Scalar(Tensor self, Scalar other) -> Tensor
    aten::isfinite.complex(complex a) -> bool
    aten::greater.Tensor(Tensor self, Tensor other) -> Tensor
    aten::greater.Scalar(Tensor self, Scalar other) -> Tensor
    aten::greater_equal.Tensor(Tensor self, Tensor other) -> Tensor
    aten::greater_equal.Scalar(Tensor self, Scalar other) -> Tensor
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
    aten::max.other(Tensor self, Tensor other) -> Tensor
    aten::__and__.Scalar(Tensor self, Scalar other) -> Tensor
    aten::__and__.Tensor(Tensor self, Tensor other) -> Tensor
    aten::__and__.bool(bool a, bool b) -> bool
    aten::__and__.int(int a, int b) -> int
    quantized::cat_relu_out(Tensor[] qx, int dim, Tensor(a!) out) -> Tensor(a!)
    aten::xlogy.Tensor(Tensor self, Tensor other) -> Tensor
    aten::xlogy.Scalar_Other(Tensor self, Scalar other) -> Tensor
    aten::xlogy.Scalar_Self(Scalar self, Tensor other) -> Tensor
    aten::remainder.Tensor(Tensor self, Tensor other) -> Tensor
    aten::remainder.Scalar(Tensor self, Scalar other) -> Tensor
    aten::remainder.Scalar_Tensor(Scalar self, Tensor other) -> Tensor
    aten::remainder.int(int a, int b) -> int
    aten::remainder.float(float a, float b) -> float
    aten::remainder.int_float(int a, float b) -> float
    aten::remainder.float_int(float a, int b) -> float
    aten::__xor__.Tensor(Tensor self, Tensor other) -> Tensor
    aten::__xor__.Scalar(Tensor self, Scalar other) -> Tensor
    aten::__xor__.bool(bool a, bool b) -> bool
    aten::__xor__.int(int a, int b) -> int
    aten::ldexp(float x, int i) -> float
    aten::gcd.int(int a, int b) -> int
    aten::frexp.Tensor(Tensor self) -> (Tensor mantissa, Tensor exponent)
    aten::frexp(float a) -> (float, int)
    aten::fmod.Tensor(Tensor self, Tensor other) -> Tensor
    aten::fmod.Scalar(Tensor self, Scalar other) -> Tensor
    aten::fmod.int(int a, int b) -> float
    aten::fmod.float(float a, float b) -> float
    aten::fmod.int_float(int a, float b) -> float
    aten::fmod.float_int(float a, int b) -> float
    aten::copysign.Tensor(Tensor self, Tensor other) -> Tensor
    aten::copysign.Scalar(Tensor self, Scalar other) -> Tensor
    aten::copysign.int(int a, int b) -> float
    aten::copysign.float(float a, float b) -> float
    aten::copysign.int_float(int a, float b) -> float
    aten::copysign.float_int(float a, int b) -> float
    aten::bitwise_left_shift.Tensor(Tensor self, Tensor other) -> Tensor
    aten::bitwise_left_shift.Tensor_Scalar(Tensor self, Scalar other) -> Tensor
    aten::bitwise_left_shift.Scalar_Tensor(Scalar self, Tensor other) -> Tensor
    aten::__lshift__.Tensor(Tensor self, Tensor other) -> Tensor
    aten::__lshift__.Scalar(Tensor self, Scalar other) -> Tensor
    aten::__lshift__.int(int a, int b) -> int
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
    aten::__or__.Tensor(Tensor self, Tensor other) -> Tensor
    aten::__or__.Scalar(Tensor self, Scalar other) -> Tensor
    aten::__or__.bool(bool a, bool b) -> bool
    aten::__or__.int(int a, int b) -> int
    quantized::mul_relu(Tensor qa, Tensor qb, float scale, int zero_point) -> Tensor qc
    quantized::mul_relu.Scalar(Tensor qa, Scalar b) -> Tensor qc
    quantized::mul_relu.Scalar2(Scalar b, Tensor qa) -> Tensor qc
    aten::polar.int(int a, int b) -> complex
    aten::polar.float(float a, float b) -> complex
    aten::polar.int_float(int a, float b) -> complex
    aten::polar.float_int(float a, int b) -> complex
    aten::polar.Scalar_Scalar(Scalar a, Scalar b) -> Scalar
    aten::mode(Tensor self, int dim=-1, bool keepdim=False) -> (Tensor values, Tensor indices)
    aten::atan2.int(int a, int b) -> float
    aten::atan2.float(float a, float b) -> float
    aten::atan2.int_float(int a, float b) -> float
    aten::atan2.float_int(float a, int b) -> float
    aten::atan2.Scalar_Scalar(Scalar a, Scalar b) -> float
    aten::linalg_eigh(Tensor self, str UPLO="L") -> (Tensor eigenvalues, Tensor eigenvectors)
    aten::atan.int(int a) -> float
    aten::atan.float(float a) -> float
    aten::atan.complex(complex a) -> complex
    aten::atan.Scalar(Scalar a) -> Scalar
    aten::add_.Tensor(Tensor(a!) self, Tensor other, *, Scalar alpha=1) -> Tensor(a!)
    aten::add_.Scalar(Tensor(a!) self, Scalar other, Scalar alpha=1) -> Tensor(a!)
    aten::__rshift__.Tensor(Tensor self, Tensor other) -> Tensor
    aten::__rshift__.Scalar(Tensor self, Scalar other) -> Tensor
    aten::__rshift__.int(int a, int b) -> int
    aten::asin.int(int a) -> float
    aten::asin.float(float a) -> float
    aten::asin.complex(complex a) -> complex
    aten::asin.Scalar(Scalar a) -> Scalar
    aten::log_sigmoid_forward(Tensor self) -> (Tensor output, Tensor buffer)
    aten::view.dtype(Tensor(a) self, ScalarType dtype) -> Tensor(a)
    aten::acos.int(int a) -> float
    aten::acos.float(float a) -> float
    aten::acos.complex(complex a) -> complex
    aten::acos.Scalar(Scalar a) -> Scalar
    aten::split.str(str self, str? separator=None, int max=-1) -> str[]
    quantized::linear_dynamic(Tensor X, __torch__.torch.classes.quantized.LinearPackedParamsBase \
      W_prepack, bool reduce_range=False) -> Tensor Y
    aten::Size(int[] sizes) -> int[]
    quantized::conv_transpose2d_transpose(__torch__.torch.classes.quantized.Conv2dPackedParamsBase \
      packed_weights) -> int
    aten::lt.Scalar(Tensor self, Scalar other) -> Tensor
    aten::lt.int(int a, int b) -> bool
    aten::lt.float(float a, float b) -> bool
    aten::lt.int_float(int a, float b) -> bool
    aten::lt.float_int(float a, int b) -> bool
    aten::lt.str(str a, str b) -> bool
    aten::linalg_slogdet(Tensor A) -> (Tensor sign, Tensor logabsdet)
    quantized::add_scalar_relu(Tensor qa, Scalar b) -> Tensor qc
    quantized::add_scalar_relu.Tensor(Tensor qa, Tensor b) -> Tensor qc
    aten::local_value(RRef(t) self) -> t(*)
    aten::bitwise_xor.Tensor(Tensor self, Tensor other) -> Tensor
    aten::bitwise_xor.Scalar(Tensor self, Scalar other) -> Tensor
    aten::bitwise_xor.Scalar_Tensor(Scalar self, Tensor other) -> Tensor
    aten::result_type.Tensor(Tensor tensor, Tensor other) -> ScalarType
    aten::result_type.Scalar(Tensor tensor, Scalar other) -> ScalarType
    aten::result_type.Scalar_Tensor(Scalar scalar, Tensor tensor) -> ScalarType
    aten::result_type.Scalar_Scalar(Scalar scalar1, Scalar scalar2) -> ScalarType
    aten::log.int(int a) -> float
    aten::log.float(float a) -> float
    aten::log.complex(complex a) -> complex
    aten::log.Scalar(Scalar a) -> Scalar
    aten::log.int_int(int a, int b) -> float
    aten::log.float_float(float a, float b) -> float
    aten::log.complex_complex(complex a, complex b) -> complex
    aten::log.int_float(int a, float b) -> float
    aten::log.float_int(float a, int b) -> float
    aten::log.int_complex(int a, complex b) -> complex
    aten::log.complex_int(complex a, int b) -> complex
    aten::log.float_complex(float a, complex b) -> complex
    aten::log.complex_float(complex a, float b) -> complex
    aten::log.Scalar_Scalar(Scalar a, Scalar b) -> float
    aten::eq.Scalar(Tensor self, Scalar other) -> Tensor
    aten::eq.int_list(int[] a, int[] b) -> bool
    aten::eq.device(Device a, Device b) -> bool
    aten::eq.bool(bool a, bool b) -> bool
    aten::eq.enum(AnyEnumType a, AnyEnumType b) -> bool
    aten::eq.int(int a, int b) -> bool
    aten::eq.complex(complex a, complex b) -> bool
    aten::eq.float(float a, float b) -> bool
    aten::eq.int_float(int a, float b) -> bool
    aten::eq.float_int(float a, int b) -> bool
    aten::eq.float_complex(float a, complex b) -> bool
    aten::eq.complex_float(complex a, float b) -> bool
    aten::eq.str(str a, str b) -> bool
    aten::eq.float_list(float[] a, float[] b) -> bool
    aten::eq.Tensor_list(Tensor[] a, Tensor[] b) -> bool
    aten::eq.bool_list(bool[] a, bool[] b) -> bool
    aten::eq.str_list(str[] a, str[] b) -> bool
    aten::select.t(t[](a) list, int idx) -> t(*)
    aten::floor_divide.Scalar(Tensor self, Scalar other) -> Tensor
    aten::linalg_solve_ex(Tensor A, Tensor B, *, bool left=True, bool check_errors=False) -> \
      (Tensor result, Tensor info)
    aten::linalg_eig(Tensor self) -> (Tensor eigenvalues, Tensor eigenvectors)
    quantized::conv_transpose2d_prepack(Tensor weight, Tensor? bias, int[] stride, int[] \
      padding, int[] output_padding, int[] dilation, int groups) -> \
      __torch__.torch.classes.quantized.Conv2dPackedParamsBase
    aten::is_nonzero(Tensor self) -> bool
    aten::sum.complex(complex[] self) -> complex
    aten::sum.bool(bool[] self) -> int
    aten::rindex(str self, str substr, int start=0, int end=-1) -> int
    aten::is_same_size(Tensor self, Tensor other) -> bool
    aten::isalnum(str self) -> bool
    quantized::conv_transpose3d_stride(__torch__.torch.classes.quantized.Conv3dPackedParamsBase \
      packed_weights) -> int[]
    quantized::cat_out(Tensor[] qx, int dim, Tensor(a!) out) -> Tensor(a!)
    aten::sin.int(int a) -> float
    aten::sin.float(float a) -> float
    aten::sin.complex(complex a) -> complex
    aten::sin.Scalar(Scalar a) -> Scalar
    quantized::linear_dynamic_fp16(Tensor X, \
      __torch__.torch.classes.quantized.LinearPackedParamsBase W_prepack) -> Tensor Y
    quantized::mul_out(Tensor qa, Tensor qb, Tensor(a!) out) -> Tensor(a!) out
    aten::special_xlog1py.other_scalar(Tensor self, Scalar other) -> Tensor
    aten::special_xlog1py.self_scalar(Scalar self, Tensor other) -> Tensor
    aten::isdigit(str self) -> bool
    quantized::linear_with_input_q_dq_qweight_dq_relu_output_fp32(Tensor X, float X_scale, int \
      X_zero_point, __torch__.torch.classes.quantized.LinearPackedParamsBase W_prepack) -> \
      Tensor Y
    aten::floor.int(int a) -> int
    aten::floor.float(float a) -> int
    aten::floor.Scalar(Scalar a) -> Scalar
    aten::slice.str(str string, int? start=None, int? end=None, int step=1) -> str
    quantized::conv2d_padding(__torch__.torch.classes.quantized.Conv2dPackedParamsBase \
      packed_weights) -> int[]
    quantized::add_scalar_out(Tensor qa, Scalar b, Tensor(a!) out) -> Tensor(a!) out
    quantized::add_scalar_out.Tensor(Tensor qa, Tensor b, Tensor(a!) out) -> Tensor(a!) out
    quantized::mul_scalar(Tensor qa, Scalar b) -> Tensor qc
    quantized::mul_scalar.Tensor(Tensor qa, Tensor b) -> Tensor qc
    aten::index.str(str self, str substr, int start=0, int end=-1) -> int
    aten::index.list_int(int[] self, int el) -> int
    aten::index.list_float(float[] self, float el) -> int
    aten::index.list_bool(bool[] self, bool el) -> int
    aten::index.list_Tensor(Tensor[] self, Tensor el) -> int
    aten::index.list_str(str[] self, str el) -> int
    aten::mul_.Tensor(Tensor(a!) self, Tensor other) -> Tensor(a!)
    aten::mul_.Scalar(Tensor(a!) self, Scalar other) -> Tensor(a!)
    aten::native_layer_norm(Tensor input, SymInt[] normalized_shape, Tensor? weight, Tensor? \
      bias, float eps) -> (Tensor, Tensor, Tensor)
    aten::baddbmm.dtype(Tensor self, Tensor batch1, Tensor batch2, ScalarType out_dtype, *, \
      Scalar beta=1, Scalar alpha=1) -> Tensor
    quantized::conv_transpose3d_transpose(__torch__.torch.classes.quantized.Conv3dPackedParamsBase \
      packed_weights) -> int
    aten::pow.int(int a, int b) -> float
    aten::pow.complex(complex a, complex b) -> complex
    aten::pow.float(float a, float b) -> float
    aten::pow.int_float(int a, float b) -> float
    aten::pow.float_int(float a, int b) -> float
    aten::pow.float_complex(float a, complex b) -> complex
    aten::pow.complex_float(complex a, float b) -> complex
    aten::pow.Scalar_Scalar(Scalar a, Scalar b) -> float
    aten::pow.int_to_int(int a, int b) -> int
    aten::native_group_norm(Tensor input, Tensor? weight, Tensor? bias, SymInt N, SymInt C, \
      SymInt HxW, int group, float eps) -> (Tensor, Tensor, Tensor)
    quantized::conv_transpose3d_padding(__torch__.torch.classes.quantized.Conv3dPackedParamsBase \
      packed_weights) -> int[]
    aten::exp.int(int a) -> float
    aten::exp.float(float a) -> float
    aten::exp.complex(complex a) -> complex
    aten::exp.Scalar(Scalar a) -> Scalar
    prim::is_xpu(Tensor a) -> bool
    aten::bmm.dtype(Tensor self, Tensor mat2, ScalarType out_dtype) -> Tensor
    aten::addmm.dtype(Tensor self, Tensor mat1, Tensor mat2, ScalarType out_dtype, *, Scalar \
      beta=1, Scalar alpha=1) -> Tensor
    aten::linalg_svd(Tensor A, bool full_matrices=True, *, str? driver=None) -> (Tensor U, \
      Tensor S, Tensor Vh)
    aten::bitwise_and.Tensor(Tensor self, Tensor other) -> Tensor
    aten::bitwise_and.Scalar(Tensor self, Scalar other) -> Tensor
    aten::bitwise_and.Scalar_Tensor(Scalar self, Tensor other) -> Tensor
    aten::gt.Tensor(Tensor self, Tensor other) -> Tensor
    aten::gt.Scalar(Tensor self, Scalar other) -> Tensor
    aten::gt.int(int a, int b) -> bool
    aten::gt.float(float a, float b) -> bool
    aten::gt.int_float(int a, float b) -> bool
    aten::gt.float_int(float a, int b) -> bool
    aten::gt.str(str a, str b) -> bool
    aten::mm.dtype(Tensor self, Tensor mat2, ScalarType out_dtype) -> Tensor
    aten::ceil.int(int a) -> int
    aten::ceil.float(float a) -> int
    aten::ceil.Scalar(Scalar a) -> Scalar
    aten::element_size(Tensor self) -> int
    aten::cosh.int(int a) -> float
    aten::cosh.float(float a) -> float
    aten::cosh.complex(complex a) -> complex
    aten::cosh.Scalar(Scalar a) -> Scalar
    aten::lgamma.int(int a) -> float
    aten::lgamma.float(float a) -> float
    aten::lgamma.Scalar(Scalar a) -> Scalar
    aten::log10.int(int a) -> float
    aten::log10.float(float a) -> float
    aten::log10.complex(complex a) -> complex
    aten::log10.Scalar(Scalar a) -> Scalar
    aten::log1p.int(int a) -> float
    aten::log1p.float(float a) -> float
    aten::log1p.Scalar(Scalar a) -> Scalar
    aten::neg.int(int a) -> int
    aten::neg.float(float a) -> float
    aten::neg.complex(complex a) -> complex
    aten::neg.Scalar(Scalar a) -> Scalar
    aten::round.int(int a) -> float
    aten::round.float(float a) -> float
    aten::round.Scalar(Scalar a) -> Scalar
    aten::sinh.int(int a) -> float
    aten::sinh.float(float a) -> float
    aten::sinh.complex(complex a) -> complex
    aten::sinh.Scalar(Scalar a) -> Scalar
    quantized::add_relu_out(Tensor qa, Tensor qb, Tensor(a!) out) -> Tensor(a!) out
    aten::ge.Tensor(Tensor self, Tensor other) -> Tensor
    aten::ge.Scalar(Tensor self, Scalar other) -> Tensor
    aten::ge.int(int a, int b) -> bool
    aten::ge.float(float a, float b) -> bool
    aten::ge.int_float(int a, float b) -> bool
    aten::ge.float_int(float a, int b) -> bool
    aten::ge.str(str a, str b) -> bool
    aten::sqrt.int(int a) -> float
    aten::sqrt.float(float a) -> float
    aten::sqrt.complex(complex a) -> complex
    aten::sqrt.Scalar(Scalar a) -> Scalar
    quantized::linear_relu_dynamic_fp16(Tensor X, \
      __torch__.torch.classes.quantized.LinearPackedParamsBase W_prepack) -> Tensor Y
    aten::tan.int(int a) -> float
    aten::tan.float(float a) -> float
    aten::tan.complex(complex a) -> complex
    aten::tan.Scalar(Scalar a) -> Scalar
    aten::tanh.int(int a) -> float
    aten::tanh.float(float a) -> float
    aten::tanh.complex(complex a) -> complex
    aten::tanh.Scalar(Scalar a) -> Scalar
    aten::true_divide.Tensor(Tensor self, Tensor other) -> Tensor
    aten::true_divide.Scalar(Tensor self, Scalar other) -> Tensor
    quantized::conv3d_padding(__torch__.torch.classes.quantized.Conv3dPackedParamsBase \
      packed_weights) -> int[]
    aten::add.int(int a, int b) -> int
    aten::add.complex(complex a, complex b) -> complex
    aten::add.float(float a, float b) -> float
    aten::add.int_complex(int a, complex b) -> complex
    aten::add.complex_int(complex a, int b) -> complex
    aten::add.float_complex(float a, complex b) -> complex
    aten::add.complex_float(complex a, float b) -> complex
    aten::add.int_float(int a, float b) -> float
    aten::add.float_int(float a, int b) -> float
    aten::sub.int(int a, int b) -> int
    aten::sub.complex(complex a, complex b) -> complex
    aten::sub.float(float a, float b) -> float
    aten::sub.int_complex(int a, complex b) -> complex
    aten::sub.complex_int(complex a, int b) -> complex
    aten::sub.float_complex(float a, complex b) -> complex
    aten::sub.complex_float(complex a, float b) -> complex
    aten::sub.int_float(int a, float b) -> float
    aten::sub.float_int(float a, int b) -> float
    aten::bitwise_or.Tensor(Tensor self, Tensor other) -> Tensor
    aten::bitwise_or.Scalar(Tensor self, Scalar other) -> Tensor
    aten::bitwise_or.Scalar_Tensor(Scalar self, Tensor other) -> Tensor
    aten::mul.Tensor(Tensor self, Tensor other) -> Tensor
    aten::mul.Scalar(Tensor self, Scalar other) -> Tensor
    aten::mul.int(int a, int b) -> int
    aten::mul.complex(complex a, complex b) -> complex
    aten::mul.float(float a, float b) -> float
    """
}
