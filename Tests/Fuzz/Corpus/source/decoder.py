class Decoder(Module):
  __parameters__ = []
  __buffers__ = []
  training : bool
  _is_full_backward_hook : Optional[bool]
  words : __torch__.torch.nn.modules.sparse.___torch_mangle_15661.Embedding
  cell : __torch__.torch.nn.modules.rnn.GRUCell
  out : __torch__.torch.nn.modules.linear.___torch_mangle_15662.Linear
  def forward(self: __torch__.models_scripted.Decoder,
    state: Tensor) -> Tuple[Tensor, Tensor]:
    word = torch.zeros([torch.size(state, 0)], dtype=4)
    results = annotate(List[Tensor], [])
    done = torch.zeros([torch.size(state, 0)], dtype=11)
    if torch.lt(torch.len(results), 12):
      _1 = torch.__not__(bool(torch.all(done)))
      _0 = _1
    else:
      _0 = False
    state0 = state
    done0 = done
    word0 = word
    _2 = _0
    while _2:
      cell = self.cell
      words = self.words
      state1 = (cell).forward((words).forward(word0, ), state0, )
      out = self.out
      word1 = torch.argmax((out).forward(state1, ), -1)
      word2 = torch.where(done0, torch.full_like(word1, 10), word1)
      done1 = torch.__or__(done0, torch.eq(word2, 10))
      _3 = torch.append(results, word2)
      if torch.lt(torch.len(results), 12):
        _5 = torch.__not__(bool(torch.all(done1)))
        _4 = _5
      else:
        _4 = False
      _2, state0, done0, word0 = _4, state1, done1, word2
    return (torch.stack(results, 1), state0)
