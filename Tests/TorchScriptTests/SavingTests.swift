import MartletTorchScript
import Testing

@Suite struct SavingTests {}
