"""transformers' models in small configurations."""

import torchvision_operators  # noqa: F401

import torch
from transformers import (
    BertConfig, BertForSequenceClassification, BertModel, DistilBertConfig, DistilBertModel, GPT2Config,
    GPT2LMHeadModel, LlamaConfig, LlamaForCausalLM, T5Config, T5EncoderModel, ViTConfig, ViTModel,
    Wav2Vec2Config, Wav2Vec2Model)

from case import traced


class _Plain(torch.nn.Module):
    """A model with a tuple, or one tensor, as its result."""

    def __init__(self, model, first=False):
        super().__init__()
        self.model, self.first = model, first

    def forward(self, x):
        result = self.model(x, return_dict=False)
        return result[0] if self.first else result


class _Masked(torch.nn.Module):
    def __init__(self, model):
        super().__init__()
        self.model = model

    def forward(self, words, mask):
        return self.model(words, attention_mask=mask, return_dict=False)


def _words(batch, length):
    return torch.randint(1, 200, (batch, length))


def _mask(batch, length):
    mask = torch.ones(batch, length, dtype=torch.int64)
    mask[-1, length // 2 :] = 0
    return mask


_BERT = dict(
    vocab_size=200, hidden_size=48, num_hidden_layers=2, num_attention_heads=4, intermediate_size=96)


def _bert(attention):
    def make():
        model = BertModel(BertConfig(**_BERT, attn_implementation=attention))
        return traced(_Masked(model), _words(2, 11), _mask(2, 11), second=(_words(3, 7), _mask(3, 7)))

    return make


def _bert_classifier():
    model = BertForSequenceClassification(BertConfig(**_BERT, num_labels=3))
    return traced(_Plain(model, first=True), _words(2, 11))


def _distilbert():
    config = DistilBertConfig(vocab_size=200, dim=48, n_layers=2, n_heads=4, hidden_dim=96)
    return traced(_Masked(DistilBertModel(config)), _words(2, 9), _mask(2, 9))


def _gpt2(attention):
    def make():
        config = GPT2Config(
            vocab_size=200, n_positions=64, n_embd=48, n_layer=2, n_head=4, use_cache=False,
            attn_implementation=attention)
        return traced(_Plain(GPT2LMHeadModel(config), first=True), _words(2, 13))

    return make


def _llama():
    config = LlamaConfig(
        vocab_size=200, hidden_size=48, intermediate_size=96, num_hidden_layers=2, num_attention_heads=4,
        num_key_value_heads=2, use_cache=False)
    return traced(_Plain(LlamaForCausalLM(config), first=True), _words(1, 10))


def _t5():
    config = T5Config(vocab_size=200, d_model=48, d_kv=12, d_ff=96, num_layers=2, num_heads=4)
    return traced(_Plain(T5EncoderModel(config), first=True), _words(2, 10))


def _vit():
    config = ViTConfig(
        hidden_size=48, num_hidden_layers=2, num_attention_heads=4, intermediate_size=96, image_size=64)
    return traced(_Plain(ViTModel(config)), torch.randn(1, 3, 64, 64))


def _wav2vec2():
    config = Wav2Vec2Config(
        hidden_size=48, num_hidden_layers=2, num_attention_heads=4, intermediate_size=96,
        conv_dim=(32, 32, 32), conv_stride=(5, 2, 2), conv_kernel=(10, 3, 3),
        num_conv_pos_embeddings=16, num_conv_pos_embedding_groups=4, num_feat_extract_layers=3)
    return traced(_Plain(Wav2Vec2Model(config), first=True), torch.randn(1, 2000))


MODELS = {
    "bert": _bert("sdpa"),
    "bert_eager": _bert("eager"),
    "bert_classifier": _bert_classifier,
    "distilbert": _distilbert,
    "gpt2": _gpt2("sdpa"),
    "gpt2_eager": _gpt2("eager"),
    "llama": _llama,
    "t5_encoder": _t5,
    "hf_vit": _vit,
    "wav2vec2": _wav2vec2,
}
