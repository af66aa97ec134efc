"""The numpy peer: full-batch descent in float32, every operation in place, timed by this process's own clock.

stdin:  one JSON line {form, rows, features, learningRate, initialBias}, then the raw float32 of the d columns, the targets
        and the initial weights, then one JSON line per command: {"train": epochs}, {"parameters": true}, {"reset": true}
stdout: one JSON line in answer to each line; {"error": ...} where something failed
"""

import json
import sys
from time import perf_counter

try:
    import numpy as np
except ImportError:
    print(json.dumps({"error": "numpy is not installed for python3"}), flush=True)
    sys.exit(0)

F32 = np.float32


def blas():
    try:
        return np.show_config(mode="dicts")["Build Dependencies"]["blas"]["name"]
    except Exception:  # numpy before 1.26 has no such mode; the name is only for the report
        return "unknown BLAS"


def epoch_of(form, columns, targets, q, scale):
    """A function that runs one epoch on q = [w, b] in place. columns is [d + 1, m] with ones last."""
    width, rows = columns.shape
    gradient = np.empty(width, F32)
    if form == "columns":  # two sgemv on the feature-major matrix

        residual = np.empty(rows, F32)

        def epoch():
            np.dot(q, columns, out=residual)
            np.subtract(residual, targets, out=residual)
            np.dot(columns, residual, out=gradient)
            np.multiply(gradient, scale, out=gradient)
            np.subtract(q, gradient, out=q)

        return epoch
    if form == "rows":  # two sgemv on the row-major matrix
        matrix = np.ascontiguousarray(columns.T)
        residual = np.empty(rows, F32)

        def epoch():
            np.dot(matrix, q, out=residual)
            np.subtract(residual, targets, out=residual)
            np.dot(residual, matrix, out=gradient)
            np.multiply(gradient, scale, out=gradient)
            np.subtract(q, gradient, out=q)

        return epoch
    # "blocks": both sgemv on one block of rows while it is in the cache, so the matrix is read from memory once
    block = max(4096, min(65536, 2**20 // (4 * width)))
    parts = []
    for begin in range(0, rows, block):
        end = min(begin + block, rows)
        parts.append((np.ascontiguousarray(columns[:, begin:end]), targets[begin:end], np.empty(end - begin, F32)))
    partial = np.empty(width, F32)

    def epoch():
        gradient.fill(0)
        for part, target, residual in parts:
            np.dot(q, part, out=residual)
            np.subtract(residual, target, out=residual)
            np.dot(part, residual, out=partial)
            np.add(gradient, partial, out=gradient)
        np.multiply(gradient, scale, out=gradient)
        np.subtract(q, gradient, out=q)

    return epoch


def answer(value):
    print(json.dumps(value), flush=True)


def main():
    stream = sys.stdin.buffer
    header = json.loads(stream.readline())
    rows, features = header["rows"], header["features"]

    def read(count):
        return np.frombuffer(stream.read(4 * count), F32)

    columns = np.ones((features + 1, rows), F32)
    for j in range(features):
        columns[j] = read(rows)
    targets = read(rows).copy()
    initial = np.append(read(features), F32(header["initialBias"])).astype(F32)
    q = initial.copy()
    epoch = epoch_of(header["form"], columns, targets, q, F32(header["learningRate"] / rows))
    answer({"numpy": np.__version__, "blas": blas(), "python": sys.version.split()[0]})
    for line in stream:
        command = json.loads(line)
        if "train" in command:
            start = perf_counter()
            for _ in range(command["train"]):
                epoch()
            answer({"ms": (perf_counter() - start) * 1000})
        elif "parameters" in command:
            answer({"weights": [float(x) for x in q[:features]], "bias": float(q[features])})
        else:
            q[:] = initial
            answer({"reset": True})


main()
