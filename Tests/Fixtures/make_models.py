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
from torchvision.models import (
    convnext, densenet, efficientnet, inception, mobilenetv2, mobilenetv3, resnet, squeezenet, swin_transformer, vgg,
    vision_transformer)
from torchvision.models.segmentation import deeplabv3
from torchvision.ops import StochasticDepth

BertConfig, BertModel = python_models.BertConfig, python_models.BertModel
GPT2Config, GPT2LMHeadModel = python_models.GPT2Config, python_models.GPT2LMHeadModel

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
                    if isinstance(module, (torch.nn.Dropout, StochasticDepth)):
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
SMALL_GPT2 = {"vocab_size": 31, "n_positions": 96, "n_embd": 16, "n_layer": 2, "n_head": 4, "initializer_range": 0.3,
              "use_cache": False}
case("bert", lambda: BertModel(BertConfig(**SMALL)), torch.randint(1, 31, (2, 7), generator=RANDOM), warm=False)
case("bert.relu", lambda: BertModel(BertConfig(**SMALL, hidden_act="relu"), add_pooling_layer=False))

torch.manual_seed(len(CASES) - 2)
masked = BertModel(BertConfig(**SMALL)).eval()
mask = torch.tensor([[1, 1, 1, 1, 1, 0, 0], [1, 1, 1, 0, 0, 0, 0]])
types = torch.tensor([[0, 0, 0, 1, 1, 0, 0], [0, 0, 1, 0, 0, 0, 0]])
with torch.no_grad():
    result = masked(TENSORS["bert/in/0"], attention_mask=mask, token_type_ids=types)
TENSORS.update({"bert/mask/0": mask, "bert/types/0": types, "bert/masked/0": result[0], "bert/masked/1": result[1]})



def mobilenet_v3(arch, classes, **options):
    settings, last = mobilenetv3._mobilenet_v3_conf(arch, width_mult=0.25, **options)
    return mobilenetv3.MobileNetV3(settings, last, num_classes=classes)


def small_efficientnet():
    settings, _ = efficientnet._efficientnet_conf("efficientnet_b0", width_mult=0.25, depth_mult=0.5)
    return efficientnet.EfficientNet(settings, dropout=0.2, num_classes=5)


def small_convnext():
    settings = [convnext.CNBlockConfig(8, 16, 1), convnext.CNBlockConfig(16, None, 2)]
    return convnext.ConvNeXt(settings, stochastic_depth_prob=0.1, layer_scale=0.5, num_classes=4)


def small_deeplab():
    dilated = resnet.ResNet(resnet.Bottleneck, [1, 1, 1, 2], replace_stride_with_dilation=[False, True, True])
    return deeplabv3._deeplabv3_resnet(dilated, 5, True)


case("mobilenet_v3.small", lambda: mobilenet_v3("mobilenet_v3_small", 7), image(2, 3, 40, 40))
case("mobilenet_v3.dilated", lambda: mobilenet_v3("mobilenet_v3_large", 4, reduced_tail=True, dilated=True),
     image(2, 3, 40, 33))
case("efficientnet", small_efficientnet, image(2, 3, 40, 40))
case("convnext", small_convnext, image(2, 3, 32, 24), warm=False)
case("swin", lambda: swin_transformer.SwinTransformer([2, 2], 8, [2, 2], [2, 4], [3, 3], num_classes=5),
     image(2, 3, 30, 22), warm=False)
case("densenet", lambda: densenet.DenseNet(8, (2, 3), 16, num_classes=5), image(2, 3, 40, 40))
case("inception", lambda: inception.Inception3(num_classes=4, transform_input=True, init_weights=True),
     image(1, 3, 75, 80), warm=False)
case("deeplab", small_deeplab, image(2, 3, 24, 33))
case("gpt2", lambda: GPT2LMHeadModel(GPT2Config(**SMALL_GPT2)), torch.randint(0, 31, (2, 7), generator=RANDOM),
     warm=False)

# Texts, the likeliest and random ones, and one that ends at a word that the first writes.
torch.manual_seed(len(CASES) - 1)
writer = GPT2LMHeadModel(GPT2Config(**{**SMALL_GPT2, "use_cache": True})).eval()
words = TENSORS["gpt2/in/0"]
settings = {"attention_mask": torch.ones_like(words), "max_new_tokens": 80, "pad_token_id": 30}
TENSORS["gpt2/greedy/0"] = writer.generate(words, do_sample=False, eos_token_id=None, **settings)
end = int(TENSORS["gpt2/greedy/0"][0, 12])
TENSORS["gpt2/ended/0"] = writer.generate(words, do_sample=False, eos_token_id=end, **{**settings, "pad_token_id": end})
torch.manual_seed(4)
TENSORS["gpt2/random/0"] = writer.generate(
    words, do_sample=True, temperature=0.7, top_k=6, top_p=1.0, eos_token_id=None, **settings)

save_file(TENSORS, HERE / "models" / "models.safetensors")
lines = ",\n".join(f"{json.dumps(name)}: {json.dumps(entry)}" for name, entry in CASES.items())
(HERE / "models" / "models.json").write_text("{\n" + lines + "\n}\n")
