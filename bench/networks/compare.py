"""LSTM layers beside PyTorch's: processor seconds of a step of learning and of a pass without, and
the loss after the steps, with the same weights, data and optimiser. One core each, in turn.
usage: compare.py DRIVER [--steps N]"""
import argparse
import subprocess
import time

import torch

SHAPES = [(2, 64, 8), (2, 128, 8), (1, 32, 8)]
BATCH, LENGTH = 256, 52


def numbers(n, seed, scale):
    i = torch.arange(n, dtype=torch.int64)
    return (((i * 37 + seed * 11) % 101 - 50).to(torch.float32) / 50 * scale)


def theirs(layers, hidden, inputs, steps):
    lstm, head = torch.nn.LSTM(inputs, hidden, layers), torch.nn.Linear(hidden, 1)
    sizes = [(inputs if l == 0 else hidden) + hidden + 1 for l in range(layers)]
    w = numbers(sum(s * 4 * hidden for s in sizes) + hidden + 1, 1, 0.1)
    at = 0
    with torch.no_grad():
        for l, s in enumerate(sizes):
            own = w[at:at + s * 4 * hidden].reshape(s, 4 * hidden)
            at += s * 4 * hidden
            getattr(lstm, f"weight_ih_l{l}").copy_(own[:s - hidden - 1].T)
            getattr(lstm, f"weight_hh_l{l}").copy_(own[s - hidden - 1:-1].T)
            getattr(lstm, f"bias_ih_l{l}").copy_(own[-1])
            getattr(lstm, f"bias_hh_l{l}").zero_().requires_grad_(False)
        head.weight.copy_(w[at:at + hidden].reshape(1, hidden))
        head.bias.copy_(w[at + hidden:])
    for l in range(layers):
        getattr(lstm, f"bias_hh_l{l}").requires_grad_(False)
    x = numbers(LENGTH * BATCH * inputs, 2, 1).reshape(LENGTH, BATCH, inputs)
    y = numbers(LENGTH * BATCH, 3, 1).reshape(LENGTH, BATCH)
    adam = torch.optim.Adam([p for m in (lstm, head) for p in m.parameters() if p.requires_grad], lr=0.001)

    def step():
        adam.zero_grad()
        loss = (head(lstm(x)[0])[..., 0] - y).abs().mean()
        loss.backward()
        adam.step()
        return loss.item()

    begun = time.process_time()
    for _ in range(steps):
        loss = step()
    train = (time.process_time() - begun) / steps
    with torch.inference_mode():
        head(lstm(x)[0])
        begun = time.process_time()
        for _ in range(steps):
            head(lstm(x)[0])
        infer = (time.process_time() - begun) / steps
    return train, infer, loss


parser = argparse.ArgumentParser()
parser.add_argument("driver")
parser.add_argument("--steps", type=int, default=20)
args = parser.parse_args()
torch.set_num_threads(1)
print(f"PyTorch {torch.__version__}, batch {BATCH}, length {LENGTH}, one core, processor seconds a step")
print("| layers x cells | train, PyTorch | ours | ratio | infer, PyTorch | ours | ratio | loss, PyTorch | ours |")
print("|---|--:|--:|--:|--:|--:|--:|--:|--:|")
for layers, hidden, inputs in SHAPES:
    a = theirs(layers, hidden, inputs, args.steps)
    line = [args.driver, layers, hidden, inputs, BATCH, LENGTH, args.steps]
    said = subprocess.run([str(w) for w in line], check=True, capture_output=True, text=True).stdout.split()
    b = [float(said[k]) for k in (1, 3, 5)]
    print(f"| {layers} x {hidden} | {a[0]:.4f} | {b[0]:.4f} | {a[0] / b[0]:.2f} | {a[1]:.4f} | {b[1]:.4f} "
          f"| {a[1] / b[1]:.2f} | {a[2]:.5f} | {b[2]:.5f} |")
