/// The order in which PyTorch tries an operator's overloads where there are several: the first
/// that fits is taken. `-` is the overload without a name.
enum OverloadOrder {
  /// By name; nil where nothing is known.
  static func overloads(of name: String) -> [String]? {
    guard let line = lines[name[...]] else { return nil }
    return line.utf8.split(separator: UInt8(ascii: " ")).dropFirst().map {
      $0.elementsEqual("-".utf8) ? "" : String(Substring($0))
    }
  }

  /// By an operator's name, with which the line begins.
  private static let lines: [Substring: Substring] = Dictionary(
    table.utf8.split(separator: UInt8(ascii: "\n")).map { line in
      (Substring(line.prefix { $0 != UInt8(ascii: " ") }), Substring(line))
    }, uniquingKeysWith: { first, _ in first })

  // From `torch._C._jit_get_all_schemas()` of PyTorch 2.13.
  private static let table = """
    aten::Bool Tensor int float
    aten::Complex Scalar Tensor_Tensor int_bool bool_int float_bool bool_float float_int \
      int_float int_int bool_bool float_float Tensor_float float_Tensor Tensor_int int_Tensor \
      Tensor_bool bool_Tensor
    aten::Delete t Dict_str Dict_int Dict_bool Dict_float Dict_complex Dict_Tensor
    aten::Float Tensor Scalar int bool str
    aten::Int Tensor bool float Scalar str
    aten::__and__ Scalar Tensor bool int
    aten::__contains__ int_list str_list str int bool float complex Tensor float_list
    aten::__getitem__ t str Dict_str Dict_int Dict_bool Dict_float Dict_complex Dict_Tensor
    aten::__iand__ Tensor Scalar
    aten::__ilshift__ Tensor Scalar
    aten::__interpolate scale_list size_list_scale_list - size_list
    aten::__ior__ Tensor Scalar
    aten::__irshift__ Tensor Scalar
    aten::__ixor__ Tensor Scalar
    aten::__lshift__ Tensor Scalar int
    aten::__or__ Tensor Scalar bool int
    aten::__rshift__ Tensor Scalar int
    aten::__upsample - size_list
    aten::__upsample_bilinear - size_list scale_list size_list_scale_list
    aten::__upsample_nearest - size_list
    aten::__xor__ Tensor Scalar bool int
    aten::_add_relu Tensor Scalar
    aten::_add_relu_ Tensor Scalar
    aten::_aminmax - dim
    aten::_convolution deprecated -
    aten::_ctc_loss - Tensor
    aten::_index_put_impl_ - hacked_twin
    aten::_native_batch_norm_legit - no_stats
    aten::_set_item t str int bool float complex Tensor
    aten::_to_sparse sparse_dim -
    aten::_upsample_bicubic2d_aa - vec
    aten::_upsample_bilinear2d_aa - vec
    aten::_upsample_lanczos2d_aa - vec
    aten::_upsample_nearest_exact1d - vec
    aten::_upsample_nearest_exact2d - vec
    aten::_upsample_nearest_exact3d - vec
    aten::_use_cudnn_ctc_loss - Tensor
    aten::_use_miopen_ctc_loss - Tensor
    aten::acos - int float complex Scalar
    aten::acosh - int float complex Scalar
    aten::add Tensor Scalar t str int complex float int_complex complex_int float_complex \
      complex_float int_float float_int -
    aten::add_ Tensor Scalar t
    aten::addmm - dtype
    aten::all - dim dims int float bool
    aten::angle - int float complex Scalar
    aten::any - dim dims str int float bool
    aten::arange - start start_step
    aten::argsort - stable
    aten::as_tensor bool float int complex - list
    aten::asin - int float complex Scalar
    aten::asinh - int float complex Scalar
    aten::atan - int float complex Scalar
    aten::atan2 - int float int_float float_int Scalar_Scalar
    aten::atanh - int float complex Scalar
    aten::atleast_1d - Sequence
    aten::atleast_2d - Sequence
    aten::atleast_3d - Sequence
    aten::baddbmm - dtype
    aten::bartlett_window - periodic
    aten::bernoulli - p Tensor
    aten::bernoulli_ Tensor float
    aten::bitwise_and Tensor Scalar Scalar_Tensor
    aten::bitwise_and_ Tensor Scalar
    aten::bitwise_left_shift Tensor Tensor_Scalar Scalar_Tensor
    aten::bitwise_left_shift_ Tensor_Scalar Tensor
    aten::bitwise_or Tensor Scalar Scalar_Tensor
    aten::bitwise_or_ Tensor Scalar
    aten::bitwise_right_shift Tensor Tensor_Scalar Scalar_Tensor
    aten::bitwise_right_shift_ Tensor_Scalar Tensor
    aten::bitwise_xor Tensor Scalar Scalar_Tensor
    aten::bitwise_xor_ Tensor Scalar
    aten::blackman_window - periodic
    aten::bmm - dtype
    aten::bucketize Tensor Scalar
    aten::ceil - int float Scalar
    aten::clamp - Tensor
    aten::clamp_ - Tensor
    aten::clamp_max - Tensor
    aten::clamp_max_ - Tensor
    aten::clamp_min - Tensor
    aten::clamp_min_ - Tensor
    aten::clear t str int bool float complex Tensor
    aten::clip - Tensor
    aten::clip_ - Tensor
    aten::conv1d - padding
    aten::conv2d - padding
    aten::conv3d - padding
    aten::copy - t Dict_str Dict_int Dict_bool Dict_float Dict_complex Dict_Tensor
    aten::copy_ - Tensor int float
    aten::copysign Tensor Scalar int float int_float float_int -
    aten::copysign_ Tensor Scalar
    aten::cos - int float complex Scalar
    aten::cosh - int float complex Scalar
    aten::count - int float bool Tensor str
    aten::count_nonzero - dim_IntList
    aten::ctc_loss IntList Tensor
    aten::cumulative_trapezoid x dx
    aten::degrees int float Scalar
    aten::dequantize self tensors tensor list any
    aten::device - with_index
    aten::dict - str Dict_str int Dict_int bool Dict_bool float Dict_float complex Dict_complex \
      Tensor Dict_Tensor
    aten::div Tensor Scalar Tensor_mode Scalar_mode int complex float -
    aten::div_ Tensor Tensor_mode Scalar Scalar_mode
    aten::divide Tensor Scalar Tensor_mode Scalar_mode
    aten::divide_ Tensor Tensor_mode Scalar_mode Scalar
    aten::divmod int float int_float float_int
    aten::dsplit int array
    aten::einsum - sublist
    aten::embedding_bag - padding_idx
    aten::eq Tensor Scalar int_list device bool enum int complex float int_float float_int \
      float_complex complex_float - str float_list Tensor_list bool_list str_list
    aten::eq_ Scalar Tensor
    aten::erf - int float Scalar
    aten::erfc - int float Scalar
    aten::exp - int float complex Scalar
    aten::expm1 - int float Scalar
    aten::eye - m
    aten::fabs int float Scalar
    aten::fake_quantize_per_tensor_affine - tensor_qparams
    aten::fbgemm_pack_quantized_matrix - KN
    aten::fill Scalar Tensor
    aten::fill_ Scalar Tensor
    aten::float_power Tensor_Tensor Tensor_Scalar Scalar
    aten::float_power_ Tensor Scalar
    aten::floor - int float Scalar
    aten::floor_divide - Scalar
    aten::floor_divide_ Tensor Scalar
    aten::floordiv int float int_float float_int -
    aten::fmod Tensor Scalar int float int_float float_int -
    aten::fmod_ Tensor Scalar
    aten::frexp Tensor -
    aten::gamma int float Scalar
    aten::gcd - int
    aten::ge Tensor Scalar int float int_float float_int - str
    aten::ge_ Scalar Tensor
    aten::get str default_str int default_int bool default_bool float default_float complex \
      default_complex Tensor default_Tensor
    aten::gradient scalarint scalararray array scalarrayint scalarrayarray tensorarrayint \
      tensorarray
    aten::greater Tensor Scalar
    aten::greater_ Scalar Tensor
    aten::greater_equal Tensor Scalar
    aten::greater_equal_ Scalar Tensor
    aten::gru input data
    aten::gt Tensor Scalar int float int_float float_int - str
    aten::gt_ Scalar Tensor
    aten::hamming_window - periodic periodic_alpha periodic_alpha_beta
    aten::hann_window - periodic
    aten::histogram bins_tensor bin_ct
    aten::histogramdd - int_bins TensorList_bins
    aten::hsplit int array
    aten::index Tensor Tensor_hacked_twin str list_int list_float list_bool list_Tensor \
      list_str
    aten::index_fill int_Tensor int_Scalar
    aten::index_fill_ int_Tensor int_Scalar
    aten::index_put - hacked_twin
    aten::index_put_ - hacked_twin
    aten::is_contiguous - memory_format
    aten::isfinite - float complex
    aten::isin Tensor_Tensor Tensor_Scalar Scalar_Tensor
    aten::isinf - float complex
    aten::isnan - float complex
    aten::items str int bool float complex Tensor
    aten::kaiser_window - periodic beta
    aten::keys str int bool float complex Tensor
    aten::ldexp Tensor -
    aten::le Tensor Scalar int float int_float float_int - str
    aten::le_ Scalar Tensor
    aten::len t Tensor str Dict_str Dict_int Dict_bool Dict_float Dict_complex Dict_Tensor any
    aten::lerp Scalar Tensor
    aten::lerp_ Scalar Tensor
    aten::less Tensor Scalar
    aten::less_ Scalar Tensor
    aten::less_equal Tensor Scalar
    aten::less_equal_ Scalar Tensor
    aten::lgamma - int float Scalar
    aten::linalg_cond - p_str
    aten::linalg_matrix_norm - str_ord
    aten::linalg_matrix_rank - tol_tensor atol_rtol_tensor atol_rtol_float
    aten::linalg_norm - ord_str
    aten::linalg_pinv - atol_rtol_float atol_rtol_tensor rcond_tensor
    aten::linspace Tensor_Tensor Tensor_Scalar Scalar_Tensor -
    aten::list - t
    aten::log - int float complex Scalar int_int float_float complex_complex int_float \
      float_int int_complex complex_int float_complex complex_float Scalar_Scalar
    aten::log10 - int float complex Scalar
    aten::log1p - int float Scalar
    aten::logspace Tensor_Tensor Tensor_Scalar Scalar_Tensor -
    aten::lstm input data
    aten::lt Tensor Scalar int float int_float float_int - str
    aten::lt_ Scalar Tensor
    aten::mH - a
    aten::mT - a
    aten::manual_seed - generator
    aten::masked_fill Scalar Tensor
    aten::masked_fill_ Scalar Tensor
    aten::mathremainder int float int_float float_int -
    aten::matrix_H - a
    aten::max other - dim
    aten::mean - dim
    aten::median - dim
    aten::meshgrid - indexing
    aten::min other - dim
    aten::miopen_ctc_loss - Tensor
    aten::mm - dtype
    aten::moveaxis intlist int
    aten::movedim int intlist
    aten::mul Tensor Scalar left_t right_ int complex float int_complex complex_int \
      float_complex complex_float int_float float_int -
    aten::mul_ Tensor Scalar t
    aten::multiply Tensor Scalar
    aten::multiply_ Tensor Scalar
    aten::nanmedian - dim
    aten::nanquantile - scalar
    aten::narrow - Tensor
    aten::native_norm - ScalarOpt_dim_dtype
    aten::ne Tensor Scalar int_list device bool enum int complex float int_float float_int \
      float_complex complex_float - str float_list Tensor_list bool_list str_list
    aten::ne_ Scalar Tensor
    aten::neg - int float complex Scalar
    aten::norm Scalar ScalarOpt_dim ScalarOpt_dim_dtype ScalarOpt_dtype
    aten::normal Tensor_float float_Tensor Tensor_Tensor float_float
    aten::not_equal Tensor Scalar
    aten::not_equal_ Scalar Tensor
    aten::nuclear_norm - dim
    aten::numpy_T - a
    aten::polar - int float int_float float_int Scalar_Scalar
    aten::pop t Dict_str Dict_default_str Dict_int Dict_default_int Dict_bool Dict_default_bool \
      Dict_float Dict_default_float Dict_complex Dict_default_complex Dict_Tensor \
      Dict_default_Tensor
    aten::popitem str int bool float complex Tensor
    aten::pow Tensor_Tensor Tensor_Scalar Scalar int complex float int_float float_int \
      float_complex complex_float Scalar_Scalar int_to_int
    aten::pow_ Scalar Tensor
    aten::prod - dim_int
    aten::quantile - scalar
    aten::quantize_per_tensor - tensor_qparams tensors
    aten::quantized_gru input data input_legacy data_legacy
    aten::quantized_lstm input data input_legacy data_legacy
    aten::radians int float Scalar
    aten::rand - generator
    aten::rand_like - generator
    aten::randint - generator low low_generator
    aten::randint_like - Tensor low_dtype generator Tensor_generator low_generator_dtype
    aten::randn - generator
    aten::randn_like - generator
    aten::random from to -
    aten::random_ from to -
    aten::randperm - generator
    aten::range step -
    aten::remainder Tensor Scalar Scalar_Tensor int float int_float float_int -
    aten::remainder_ Tensor Scalar
    aten::remove int float bool Tensor str
    aten::repeat_interleave Tensor self_Tensor self_int
    aten::result_type Tensor Scalar Scalar_Tensor Scalar_Scalar
    aten::rnn_relu input data
    aten::rnn_tanh input data
    aten::round - decimals int float Scalar
    aten::round_ - decimals
    aten::rsub Tensor Scalar
    aten::scatter value src reduce value_reduce
    aten::scatter_ src value reduce value_reduce
    aten::searchsorted Tensor Scalar
    aten::select int t
    aten::set source_Storage source_Storage_storage_offset source_Tensor -
    aten::set_ source_Storage_storage_offset source_Tensor - source_Storage \
      source_Tensor_storage_offset
    aten::setdefault str int bool float complex Tensor
    aten::sin - int float complex Scalar
    aten::sinh - int float complex Scalar
    aten::size int -
    aten::slice Tensor t str
    aten::sort - stable int float Tensor bool str any
    aten::sorted int float Tensor bool str any
    aten::special_xlog1py - other_scalar self_scalar
    aten::special_xlogy - other_scalar self_scalar
    aten::split Tensor sizes str -
    aten::sqrt - int float complex Scalar
    aten::squeeze - dim dims
    aten::squeeze_ - dim dims
    aten::squeeze_copy - dim dims
    aten::std - dim correction
    aten::std_mean - dim correction
    aten::stft - center
    aten::stride int -
    aten::sub Tensor Scalar int complex float int_complex complex_int float_complex \
      complex_float int_float float_int -
    aten::sub_ Tensor Scalar
    aten::subtract Tensor Scalar
    aten::subtract_ Tensor Scalar
    aten::sum dim_IntList - int float complex bool
    aten::tan - int float complex Scalar
    aten::tanh - int float complex Scalar
    aten::tensor bool float int complex -
    aten::tensor_split sections indices tensor_indices_or_sections
    aten::to device dtype other prim_Device prim_dtype prim_other
    aten::to_sparse sparse_dim -
    aten::trapezoid x dx
    aten::trapz x dx
    aten::true_divide Tensor Scalar
    aten::true_divide_ Tensor Scalar
    aten::update str int bool float complex Tensor
    aten::upsample_bicubic2d - vec
    aten::upsample_bilinear2d - vec
    aten::upsample_linear1d - vec
    aten::upsample_nearest1d - vec
    aten::upsample_nearest2d - vec
    aten::upsample_nearest3d - vec
    aten::upsample_trilinear3d - vec
    aten::values - str int bool float complex Tensor
    aten::var - dim correction
    aten::var_mean - dim correction
    aten::view - dtype
    aten::view_copy - dtype
    aten::vsplit int array
    aten::where self ScalarOther ScalarSelf Scalar -
    aten::xlogy Tensor Scalar_Other Scalar_Self
    aten::xlogy_ Tensor Scalar_Other
    prim::EnumValue int float str
    prim::ModuleContainerIndex list dict
    prim::NumToTensor Scalar bool
    prim::abs int float complex Scalar -
    prim::max int float int_float float_int - int_list self_int float_list self_float bool_list \
      self_bool
    prim::min int float int_float float_int - int_list self_int float_list self_float bool_list \
      self_bool
    """
}
