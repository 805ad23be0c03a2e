/// What a user imports: tensors, layers, the tracer, the runtime, models, vision.
@_exported public import MartletModels
@_exported public import MartletNN
@_exported public import MartletOps
@_exported public import MartletRuntime
@_exported public import MartletTensor
@_exported public import MartletTorchScript
@_exported public import MartletTracer
@_exported public import MartletVision
