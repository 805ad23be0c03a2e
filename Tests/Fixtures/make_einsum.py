"""Golden cases of Sources/Ops/Operators/EinsteinSum.swift."""

import torch

from operator_cases import Cases, randint, randn

cases = Cases("einsum")
op = "aten::einsum"
inf, nan = float("inf"), float("nan")


def add(equation, *sizes, dtype=torch.float32):
    cases.add(op, equation, [randint(-5, 5, *s, dtype=dtype) if not dtype.is_floating_point else randn(*s or [()]).to(dtype)
                             for s in sizes])


add("ij,jk->ik", (2, 3), (3, 4))
add("ij,jk", (2, 3), (3, 4))
add("ij,kj->ki", (2, 3), (4, 3))
add("bij,bjk->bik", (2, 3, 4), (2, 4, 5))
add("bhid,bhjd->bhij", (2, 3, 4, 5), (2, 3, 6, 5))
add("bhij,bhjd->bihd", (2, 3, 4, 5), (2, 3, 5, 2))
add("bchw,bkc->bkhw", (2, 3, 2, 2), (2, 4, 3))
add("bmchw,bnmc->bmhwn", (2, 3, 2, 2, 2), (2, 4, 3, 2))
add("i,j->ij", (3,), (4,))
add("i,i->", (3,), (3,))
add("i,i", (3,), (3,))
add("ij->ji", (2, 3))
add("ij->", (2, 3))
add("ij->j", (2, 3))
add("ba", (2, 3))
add("ii->i", (3, 3))
add("ii", (3, 3))
add("iij->ij", (2, 2, 3))
add("iji->j", (2, 3, 2))
add("ii,ij->j", (2, 2), (2, 3))
add("...ij,...jk->...ik", (2, 3, 4), (4, 5))
add("...ij,...jk->...ik", (2, 1, 3, 4), (5, 4, 2))
add("...ij,jk", (2, 3, 4), (4, 5))
add("i...,i...->...", (3, 2), (3, 2))
add("i...->...", (3, 2, 2))
add("...i->i...", (3, 2, 2))
add("b...c,cd->b...d", (2, 3, 4), (4, 2))
add("ij,jk,kl->il", (2, 3), (3, 4), (4, 2))
add("bn,anm,bm->ba", (2, 5), (3, 5, 4), (2, 4))
add("i,j,k->ijk", (2,), (3,), (4,))
add("ij,ij->ij", (2, 3), (2, 3))
add("ij,ij->i", (2, 3), (2, 3))
add("ij,ij->", (2, 3), (1, 3))
add("ij,k->i", (2, 3), (4,))
add("ij,jk->ik", (2, 1), (3, 4))
add("aB,Bc->ac", (2, 3), (3, 4))
add(" i j , j k -> i k ", (2, 3), (3, 4))
add(",->", (), ())
add(",i->i", (), (3,))
add("->", ())
add("ij,jk->ik", (0, 3), (3, 4))
add("ij,jk->ik", (2, 0), (0, 4))
add("bij,bjk->bik", (2, 3, 4), (2, 4, 5), dtype=torch.float64)
add("bij,bjk->bik", (1, 3, 4), (1, 4, 5), dtype=torch.float16)
add("bij,bjk->bik", (1, 3, 4), (1, 4, 5), dtype=torch.bfloat16)
add("ij,jk->ik", (2, 3), (3, 4), dtype=torch.int64)
add("ij,jk->ik", (2, 3), (3, 4), dtype=torch.int32)
add("ij->i", (2, 3), dtype=torch.int32)
add("ij->ji", (2, 3), dtype=torch.bool)
cases.add(op, "bij,bjk->bik", [randn(4, 3, 2).permute(2, 1, 0), randn(2, 5, 4).transpose(1, 2)])
cases.add(op, "ij,jk,kl->il", [randn(2, 3), randn(3, 4), randn(4, 2)], path=[1, 2, 0, 1])
cases.add(op, "ij,jk->ik", [torch.tensor([[nan, 1.0]]), torch.tensor([[1.0, 0.0], [inf, 2.0]])])

for equation, sizes in (("ij,jk->ik", ((2, 3), (4, 5))), ("ij,jk->ik", ((2, 3),)), ("ij->ik", ((2, 3),)),
                        ("ij->ii", ((2, 3),)), ("ijk->i", ((2, 3),)), ("ii->i", ((2, 3),)), ("i1->i", ((2, 3),)),
                        ("i..j->i", ((2, 3),)), ("i->j->i", ((2,),)), ("...i...->i", ((2, 3),)), ("i,", ((2,), (3,)))):
    cases.error(op, equation, [randn(*s) for s in sizes])
cases.error(op, "ij,jk->ik", [randn(2, 3), randn(3, 4).double()])
cases.write()
