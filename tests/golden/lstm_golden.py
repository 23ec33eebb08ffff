#!/usr/bin/env python3
"""Figures of test_lstm_golden.c, from PyTorch's nn.LSTM: two layers of five cells and a dense head
for three quantiles, one forward pass and twenty steps of Adam; and one forward pass of five gated
units. Weights and data are formulas, the same in the test.  usage: lstm_golden.py (needs torch; printed with 2.15.0)"""
import torch

IN, HIDDEN, STEPS, BATCH, LEVELS = 3, 5, 7, 4, [0.1, 0.5, 0.9]


def numbers(n, seed):
    return (torch.tensor([(i * 37 + seed * 11) % 101 for i in range(n)], dtype=torch.float32) - 50) / 125


def set_layer(lstm, layer, inputs, seed):
    """Ours: [in + hidden + 1][4 hidden]; theirs: the transpose in two parts, and two biases."""
    w = numbers((inputs + HIDDEN + 1) * 4 * HIDDEN, seed).reshape(inputs + HIDDEN + 1, 4 * HIDDEN)
    getattr(lstm, f"weight_ih_l{layer}").copy_(w[:inputs].T)
    getattr(lstm, f"weight_hh_l{layer}").copy_(w[inputs:-1].T)
    getattr(lstm, f"bias_ih_l{layer}").copy_(w[-1])
    getattr(lstm, f"bias_hh_l{layer}").zero_()


def squareplus(x):
    return (x + torch.sqrt(x * x + 4)) / 2


def loss_of(out, y):
    q = torch.stack([out[..., 1] - squareplus(out[..., 0]), out[..., 1], out[..., 1] + squareplus(out[..., 2])], -1)
    e = y[..., None] - q
    p = torch.tensor(LEVELS)
    return torch.maximum(p * e, (p - 1) * e).mean()


lstm = torch.nn.LSTM(IN, HIDDEN, 2)
head = torch.nn.Linear(HIDDEN, len(LEVELS))
with torch.no_grad():
    set_layer(lstm, 0, IN, 1)
    set_layer(lstm, 1, HIDDEN, 2)
    w = numbers((HIDDEN + 1) * 3, 3).reshape(HIDDEN + 1, 3)
    head.weight.copy_(w[:-1].T)
    head.bias.copy_(w[-1])
# The test has one bias where PyTorch has two of the same gradient: the second stays.
lstm.bias_hh_l0.requires_grad_(False)
lstm.bias_hh_l1.requires_grad_(False)
x = numbers(STEPS * BATCH * IN, 4).reshape(STEPS, BATCH, IN) * 3
y = numbers(STEPS * BATCH, 5).reshape(STEPS, BATCH) * 5
adam = torch.optim.AdamW([p for m in (lstm, head) for p in m.parameters() if p.requires_grad], lr=0.02, weight_decay=0.1)
losses = []
for step in range(20):
    out = head(lstm(x)[0])
    if step == 0:
        print("forward:", [f"{v:.7f}f" for v in out[-1].flatten().tolist()])
    loss = loss_of(out, y)
    losses.append(loss.item())
    adam.zero_grad()
    loss.backward()
    torch.nn.utils.clip_grad_norm_([p for g in adam.param_groups for p in g["params"]], 0.3)
    adam.step()
print("losses:", [f"{v:.7f}f" for v in losses])

gru = torch.nn.GRU(IN, HIDDEN)
with torch.no_grad():
    # Ours: [in + hidden][3 hidden], then bias[4 hidden], the candidate's from the state last.
    w = numbers((IN + HIDDEN) * 3 * HIDDEN + 4 * HIDDEN, 1)
    own = w[:(IN + HIDDEN) * 3 * HIDDEN].reshape(IN + HIDDEN, 3 * HIDDEN)
    bias = w[(IN + HIDDEN) * 3 * HIDDEN:]
    gru.weight_ih_l0.copy_(own[:IN].T)
    gru.weight_hh_l0.copy_(own[IN:].T)
    gru.bias_ih_l0.copy_(bias[:3 * HIDDEN])
    gru.bias_hh_l0.zero_()
    gru.bias_hh_l0[2 * HIDDEN:].copy_(bias[3 * HIDDEN:])
print("gru:", [f"{v:.7f}f" for v in gru(x)[0][-1].flatten().tolist()])
