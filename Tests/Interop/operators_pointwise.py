"""Element-wise operators: every dtype that PyTorch takes, broadcasting, numbers, in place."""

from operator_case import DTYPES, expression_case, key, table

_UNARY = """abs acos acosh asin asinh atan atanh bitwise_not ceil cos cosh erf erfc exp expm1 exp2
floor frac
isnan isinf isfinite lgamma digamma log log10 log1p log2 logical_not neg positive reciprocal round
rsqrt sigmoid
sign signbit sgn sin sinh sqrt square tan tanh trunc relu nan_to_num deg2rad rad2deg logit erfinv
sinc angle
conj_physical i0""".split()
_ACTIVATIONS = """relu relu6 gelu silu hardswish hardsigmoid hardtanh elu selu celu leaky_relu
logsigmoid mish
softplus softshrink hardshrink tanhshrink softsign sigmoid tanh relu_""".split()
_BINARY = """add sub mul div rsub true_divide floor_divide remainder fmod pow atan2 maximum minimum
fmax fmin
logaddexp logaddexp2 hypot eq ne lt le gt ge logical_and logical_or logical_xor bitwise_and
bitwise_or
bitwise_xor bitwise_left_shift bitwise_right_shift copysign xlogy nextafter heaviside
float_power""".split()
_IN_PLACE = """abs_ ceil_ clamp_(-1,1) cos_ erf_ exp_ floor_ log1p_ neg_ reciprocal_ round_ rsqrt_
sigmoid_ sin_
sqrt_ square_ tanh_ trunc_ relu_ zero_ fill_(3) add_(2) sub_(2) mul_(3) div_(2) pow_(2)
remainder_(2)
floor_divide_(2) clamp_min_(0) clamp_max_(0) sign_ logical_not_ eq_(1) lt_(0) ge_(0) t_
unsqueeze_(0)
squeeze_ transpose_(0,1) masked_fill_(y>0,5) copy_(y) add_(y) sub_(y,alpha=2) mul_(y) div_(y)
add_(y,alpha=0.5)
atan2_(y) lerp_(y,0.3) addcmul_(y,y) addcdiv_(y,y*y+1) exp2_ sinh_ cosh_ expm1_ log_ log2_
log10_""".split()

_ROWS = [
    "torch.add(x, y, alpha=2)", "torch.sub(x, y, alpha=0.5)", "x + 2", "2 + x", "x - 1.5", "1 - x",
    "x * 3",
    "x / 2", "2 / x", "x // 2", "x % 3", "x ** 2", "2 ** x", "x ** 0.5", "x ** -1", "x ** 3", "-x",
    "abs(x)",
    "torch.rsub(x, y, alpha=3)", "torch.rsub(x, 2, alpha=3)",
    "torch.div(x, y, rounding_mode='floor')",
    "torch.div(x, y, rounding_mode='trunc')", "torch.div(x, 2, rounding_mode='floor')",
    "torch.div(x, 0.7, rounding_mode='trunc')", "torch.floor_divide(x, 2)", "torch.remainder(2, x)",
    "torch.remainder(x, -1.5)", "torch.fmod(x, 0.7)", "torch.pow(2, x)", "torch.pow(x, y.abs())",
    "torch.clamp(x, -0.5, 0.5)", "torch.clamp(x, min=0)", "torch.clamp(x, max=0.1)",
    "torch.clamp(x, y, y + 1)",
    "torch.clamp(x, min=y)", "torch.clamp(x, max=y)", "torch.clamp_min(x, 0.2)",
    "torch.clamp_max(x, 0.2)",
    "torch.clamp_min(x, y)", "torch.clamp_max(x, y)", "torch.clip(x, 0, 1)",
    "torch.where(x > 0, x, y)",
    "torch.where(x > 0, x, 0)", "torch.where(x > 0, 1.5, y)", "torch.where(x > 0, 2, 3)",
    "torch.lerp(x, y, 0.3)", "torch.lerp(x, y, y)", "torch.addcmul(x, y, y, value=0.5)",
    "torch.addcdiv(x, y, y * y + 1, value=2)", "torch.round(x, decimals=1)",
    "torch.nan_to_num(1 / (x * 0), 1, 2, 3)",
    "x.masked_fill(y > 0, -1e9)", "x.masked_fill(y > 0, float('-inf'))",
    "x.masked_fill(y > 0, y.sum())",
    "F.gelu(x, approximate='tanh')", "F.elu(x, 0.5)", "F.celu(x, 0.7)", "F.leaky_relu(x, 0.2)",
    "F.hardtanh(x, -0.3, 0.4)", "F.softplus(x, 2, 1)", "F.softshrink(x, 0.3)",
    "F.hardshrink(x, 0.3)",
    "F.threshold(x, 0.1, 20)", "F.threshold(x.clone(), 0.1, 20, inplace=True)",
    "F.prelu(x, y[:1, 0])",
    "F.rrelu(x, 0.1, 0.3)", "F.glu(x, -1)", "F.glu(x, 1)", "F.logsigmoid(x)", "F.relu6(x)",
    "F.hardswish(x)",
    "F.elu_(x.clone())", "F.leaky_relu_(x.clone(), 0.3)", "F.hardtanh_(x.clone(), 0, 1)",
    "F.silu(x.clone(), inplace=True)",
    "F.hardswish(x.clone(), inplace=True)", "F.relu6(x.clone(), inplace=True)",
    "F.hardsigmoid(x.clone(), inplace=True)",
    "F.mish(x.clone(), inplace=True)", "F.selu(x.clone(), inplace=True)",
    "F.celu(x.clone(), inplace=True)",
    "F.dropout(x, 0.5, False)", "F.alpha_dropout(x, 0.5, False)",
    "F.feature_alpha_dropout(x, 0.5, False)",
    "F.dropout2d(x, 0.5, False)", "F.dropout(x, 0.5, False, True)", "x.to(torch.float64)",
    "x.to(torch.int64)",
    "x.to(torch.int32) + 1", "x.to(torch.bool)", "x.to(torch.uint8)", "x.to(torch.int8)",
    "x.half().float()",
    "x.bfloat16().float()", "x.double() * y", "x.long() * y", "x.type_as(y.double())", "x.to(y)",
    "x.to('cpu', torch.float64)", "x.to('cpu')", "x.float()", "x.bool() & (y > 0)",
    "(x > 0) | (y > 0)",
    "(x > 0) ^ (y > 0)", "~(x > 0)", "(x > 0) & (y > 0)", "x == y", "x != 0", "x < 0", "x <= y",
    "x > 0.3", "x >= y",
    "torch.isclose(x, x + 1e-9)", "torch.allclose(x, x) and x", "x.detach() + 1", "x.clone()",
    "x.contiguous()",
    "torch.zeros_like(x)", "torch.ones_like(x, dtype=torch.int64)", "torch.full_like(x, 2.5)",
    "x.new_zeros(2, 3)",
    "x.new_ones((3,), dtype=torch.int32)", "x.new_full((2, 2), 7)", "torch.zeros(2, 3) + x[0, 0]",
    "torch.full((2, 2), 1.5) + x[0, 0]", "torch.empty_like(x).fill_(1)",
    "x.new_empty(2, 2).zero_()",
    "torch.complex(x, y)", "torch.polar(x, y)", "torch.view_as_complex(torch.stack([x, y], -1))",
    "torch.view_as_real(torch.complex(x, y))",
    "torch.real(torch.complex(x, y)) + torch.imag(torch.complex(x, y))",
    "torch.complex(x, y).conj() * 2", "torch.complex(x, y).abs()", "torch.complex(x, y).angle()",
    "torch.complex(x, y) * torch.complex(y, x)", "torch.complex(x, y) / torch.complex(y, x)",
]
# Numbers and 0-dimensional tensors promote by their own rules.
_PROMOTION = [f"{a} {op} {b}" for op in "+*/-" for a in ("x", "i", "b", "s", "k") for b in ("x", "i", "s", "k", "2", "1.5")]
_PROMOTION = [row for row in _PROMOTION if row not in ("b - b",)]
_BITS = [
    "i & 3", "i | 4", "i ^ 5", "i << 1", "i >> 1", "i.__and__(j)", "i.__or__(j)", "i.__xor__(j)",
    "i.__lshift__(j)",
    "i.__rshift__(j)", "torch.bitwise_and(i, 6)", "torch.bitwise_not(i)", "i // j", "i % j",
    "i // 3", "i % -3",
    "torch.div(i, j, rounding_mode='trunc')", "torch.div(i, j, rounding_mode='floor')",
    "torch.div(i, j)",
    "torch.fmod(i, 3)", "i ** 2", "torch.pow(i, j)", "torch.pow(2, j)", "torch.gcd(i, j)",
    "i.abs()", "-i", "i.sign()",
    "i.clamp(-2, 2)", "i.clamp(0.5)", "i.float() / 3", "torch.maximum(i, j)", "torch.minimum(i, j)",
    "i == j", "~(i > 0)",
]


def operators():
    found = {}
    for name in _UNARY:
        for dtype in DTYPES:
            text = f"torch.{name}(x)"
            found[f"unary_{key(text)}_{dtype}"] = expression_case(text, {"x": f"{dtype}[3,5]"})
    for name in _ACTIVATIONS:
        for dtype in ("f32", "f64"):
            found[f"activation_{name}_{dtype}"] = expression_case(f"F.{name}(x * 1)", {"x": f"{dtype}[3,7]"})
    for name in _BINARY:
        for left, right in (
            ("f32[2,3]", "f32[3]"), ("f64[2,3]", "f32[2,1]"), ("i64[2,3]", "i64[3]+"), ("i64[2,3]", "f32[]"),
            ("i32[2,3]", "i64[1,3]+"), ("b[2,3]", "b[3]"), ("f32[2,3]+", "i64[3]+<4"), ("u8[4]", "i8[4]+"),
            ("f32[0,3]", "f32[3]"), ("c64[2,3]", "c64[3]"), ("f32[3,2].T", "f32[2]+"), ("f16[4]", "f32[4]"),
        ):
            text = f"torch.{name}(x, y)"
            found[f"binary_{name}_{key(left + right)}"] = expression_case(text, {"x": left, "y": right})
    for call in _IN_PLACE:
        call = call if "(" in call else call + "()"
        for dtype in ("f32", "f64"):
            text = f"z = x.clone(); z.{call}; z"
            found[f"inplace_{key(text)}_{dtype}"] = expression_case(
                text, {"x": f"{dtype}[3,4]+", "y": f"{dtype}[3,4]"})
    found |= table("pointwise", _ROWS, x="f32[4,6]", y="f32[4,6]")
    found |= table(
        "promotion", _PROMOTION, x="f32[2,3]", i="i64[2,3]+", b="b[2,3]", s="f64[]", k="i64[]+")
    found |= table("bits", _BITS, i="i64[3,4]", j="i64[3,4]+<5")
    return found
