"""Golden models: what torchvision's and transformers' seeded models hold, print and compute, for Tests/ModelsTests.

The models are small ones of the same classes; Tests/Interop/check_models.py compares those of full size.
Writes models/models.json (text, names, shapes and a checksum of the bits of each weight) and
models/models.safetensors (inputs, and outputs after one run in training moved the batch norms'
statistics).
"""

import json
import pathlib
import sys

import numpy as np
import torch
from safetensors.torch import save_file

HERE = pathlib.Path(__file__).parent
sys.path.insert(0, str(HERE.parent / "Interop"))
import python_models
from torchvision.models import mobilenetv2, resnet, squeezenet, vgg, vision_transformer

BertConfig, BertModel = python_models.BertConfig, python_models.BertModel

CASES, TENSORS = {}, {}
RANDOM = torch.Generator().manual_seed(5)


def checksum(tensor):
    """The sum of the bits of all elements, each times its place from 1, modulo 2⁶⁴."""
    bits = tensor.detach().contiguous().numpy().reshape(-1)
    bits = bits.view(np.uint32 if bits.itemsize == 4 else np.uint64).astype(np.uint64)
    return int((bits * np.arange(1, bits.size + 1, dtype=np.uint64)).sum(dtype=np.uint64))


def case(name, make, example=None, warm=True):
    torch.manual_seed(len(CASES))
    model = make()
    entry = {"seed": len(CASES), "repr": repr(model)}
    entry["state"] = [[k, list(v.shape), str(checksum(v))] for k, v in model.state_dict().items()]
    if example is not None:
        with torch.no_grad():
            if warm:
                for module in model.modules():
                    if isinstance(module, torch.nn.Dropout):
                        module.p = 0.0
                model.train()(example)
            entry["warm"] = warm
            outputs = python_models.run(model, example)
        TENSORS[f"{name}/in/0"] = example
        for index, output in enumerate(outputs):
            TENSORS[f"{name}/out/{index}"] = output.contiguous()
    CASES[name] = entry


def image(*sizes):
    return torch.randn(*sizes, generator=RANDOM)


case("resnet.basic", lambda: resnet.ResNet(resnet.BasicBlock, [1, 1, 1, 1], num_classes=10), image(2, 3, 40, 33))
case("resnet.bottleneck", lambda: resnet.ResNet(resnet.Bottleneck, [2, 1, 1, 1], num_classes=5), image(2, 3, 33, 40))
case("mobilenet", lambda: mobilenetv2.MobileNetV2(num_classes=7, width_mult=0.25), image(2, 3, 40, 40))
case("squeezenet1_0", lambda: squeezenet.SqueezeNet("1_0", num_classes=4), image(1, 3, 40, 40), warm=False)
case("squeezenet1_1", lambda: squeezenet.SqueezeNet("1_1", num_classes=4), image(1, 3, 40, 40), warm=False)
STAGES = [8, "M", 16, "M", 32, 32, "M", 64, 64, "M", 64, 64, "M"]
case("vgg.features", lambda: vgg.make_layers(STAGES), image(1, 3, 32, 32), warm=False)
case("vgg.bnFeatures", lambda: vgg.make_layers(STAGES, batch_norm=True), image(2, 3, 40, 40))
case("vit", lambda: vision_transformer.VisionTransformer(32, 8, 2, 2, 16, 24, num_classes=6), image(2, 3, 32, 32), warm=False)
SMALL = {"vocab_size": 31, "hidden_size": 16, "num_hidden_layers": 2, "num_attention_heads": 4,
         "intermediate_size": 24, "max_position_embeddings": 12}
case("bert", lambda: BertModel(BertConfig(**SMALL)), torch.randint(1, 31, (2, 7), generator=RANDOM), warm=False)
case("bert.relu", lambda: BertModel(BertConfig(**SMALL, hidden_act="relu"), add_pooling_layer=False))

torch.manual_seed(len(CASES) - 2)
masked = BertModel(BertConfig(**SMALL)).eval()
mask = torch.tensor([[1, 1, 1, 1, 1, 0, 0], [1, 1, 1, 0, 0, 0, 0]])
types = torch.tensor([[0, 0, 0, 1, 1, 0, 0], [0, 0, 1, 0, 0, 0, 0]])
with torch.no_grad():
    result = masked(TENSORS["bert/in/0"], attention_mask=mask, token_type_ids=types)
TENSORS.update({"bert/mask/0": mask, "bert/types/0": types, "bert/masked/0": result[0], "bert/masked/1": result[1]})

save_file(TENSORS, HERE / "models" / "models.safetensors")
lines = ",\n".join(f"{json.dumps(name)}: {json.dumps(entry)}" for name, entry in CASES.items())
(HERE / "models" / "models.json").write_text("{\n" + lines + "\n}\n")
