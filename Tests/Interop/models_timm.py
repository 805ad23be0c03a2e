"""timm's models, traced on small pictures."""

import torchvision_operators  # noqa: F401

import timm
import torch

from case import traced


def _model(name, size=64, second=None, **options):
    def make():
        model = timm.create_model(name, pretrained=False, num_classes=10, **options)
        pictures = (torch.randn(2, 3, second, second),) if second else None
        return traced(model, torch.randn(1, 3, size, size), second=pictures)

    return make


MODELS = {
    "timm_mobilenetv4": _model("mobilenetv4_conv_small", second=96),
    "timm_efficientformer": _model("efficientformer_l1", 224),
    "timm_levit": _model("levit_128s", 224),
    "timm_mixer": _model("mixer_s32_224", 224),
    "timm_convmixer": _model("convmixer_768_32", 56, 84),
    "timm_ghostnet": _model("ghostnet_050", second=96),
    "timm_poolformer": _model("poolformer_s12", 64, 96),
    "timm_deit": _model("deit_tiny_patch16_224", 64, img_size=64),
    "timm_edgenext": _model("edgenext_xx_small", 64, 96),
    "timm_mobilevit": _model("mobilevit_xxs", 64),
    "timm_repvgg": _model("repvgg_a0", second=96),
    "timm_fastvit": _model("fastvit_t8", 64),
    "timm_tinynet": _model("tinynet_e", second=96),
    "timm_hrnet": _model("hrnet_w18_small", 64, 96),
    "timm_coat": _model("coat_lite_tiny", 64, img_size=64),
}
