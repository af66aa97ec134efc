"""The numpy peer of jobs to the optimum, in float64, timed by this process's own clock.

stdin:  one JSON line {loss, huberDelta, l1, rows, features}, then the raw float32 of the d columns and the targets, then
        one JSON line for each job: {"solve": true}
stdout: one JSON line in answer to each line; {"error": ...} where something failed

A job begins with the float32 arrays and ends with weights and bias. F is the mean loss plus l1 * sum |w * sd(x)|.
"""

import json
import sys
from time import perf_counter

try:
    import numpy as np
except ImportError:
    print(json.dumps({"error": "numpy is not installed for python3"}), flush=True)
    sys.exit(0)

MOST_STEPS = 100
LEAST_FALL = 1e-11  # Newton's method squares the error, so that the step after this much is far below 1e-9


def blas():
    try:
        return np.show_config(mode="dicts")["Build Dependencies"]["blas"]["name"]
    except Exception:  # numpy before 1.26 has no such mode; the name is only for the report
        return "unknown BLAS"


def with_ones(columns):
    """[d + 1, m] in float64, ones last."""
    width, rows = columns.shape
    matrix = np.ones((width + 1, rows))
    matrix[:width] = columns
    return matrix


def squared(columns, targets, _):
    """lstsq: singular values."""
    design = np.ones((targets.size, columns.shape[0] + 1))
    design[:, :-1] = columns.T
    return np.linalg.lstsq(design, targets.astype(np.float64), rcond=None)[0]


def newton(matrix, derivatives, q):
    """Newton's method on the mean loss, whose slopes and curvatures by the prediction `derivatives` gives."""
    rows = matrix.shape[1]
    for _ in range(MOST_STEPS):
        slopes, curvatures = derivatives(q @ matrix)
        gradient = matrix @ slopes / rows
        change = np.linalg.solve((matrix * curvatures) @ matrix.T / rows, gradient)
        q = q - change
        if gradient @ change / 2 <= LEAST_FALL:
            break
    return q


def logistic(columns, targets, _):
    """Newton's method: iteratively reweighted least squares."""

    def derivatives(z):
        p = 1 / (1 + np.exp(-z))
        return p - targets, p * (1 - p)

    return newton(with_ones(columns), derivatives, np.zeros(columns.shape[0] + 1))


def huber(columns, targets, header):
    """Newton's method, from least squares."""
    matrix = with_ones(columns)
    delta = header["huberDelta"]

    def derivatives(z):
        errors = z - targets
        return np.clip(errors, -delta, delta), np.abs(errors) <= delta

    start = np.linalg.solve(matrix @ matrix.T, matrix @ targets)
    return newton(matrix, derivatives, start)


def lasso(columns, targets, header):
    """The Gram matrix of standardized features, and coordinate descent on it."""
    matrix = columns.astype(np.float64)
    means = matrix.mean(axis=1)
    matrix -= means[:, None]
    mean = targets.mean(dtype=np.float64)
    rows = targets.size
    gram = matrix @ matrix.T / rows
    deviations = np.sqrt(np.diag(gram))
    gram /= np.outer(deviations, deviations)
    lacking = matrix @ (targets - mean) / rows / deviations  # c - G v
    v = np.zeros(means.size)
    while True:
        largest = 0.0
        for j in range(v.size):
            free = v[j] + lacking[j]
            moved = np.sign(free) * max(0.0, abs(free) - header["l1"]) - v[j]
            v[j] += moved
            lacking -= moved * gram[j]
            largest = max(largest, abs(moved))
        if largest <= 1e-9:  # its square is the share of the objective
            break
    weights = v / deviations
    return np.append(weights, mean - weights @ means)


def answer(value):
    print(json.dumps(value), flush=True)


def main():
    stream = sys.stdin.buffer
    header = json.loads(stream.readline())
    rows, features = header["rows"], header["features"]

    def read(count):
        return np.frombuffer(stream.read(4 * count), np.float32)

    columns = read(rows * features).reshape(features, rows)
    targets = read(rows)
    solve = lasso if header["l1"] > 0 else {"squared": squared, "logistic": logistic, "huber": huber}[header["loss"]]
    about = {"numpy": np.__version__, "blas": blas(), "python": sys.version.split()[0]}
    answer({**about, "method": solve.__doc__.rstrip(".")})
    for _ in stream:
        start = perf_counter()
        q = solve(columns, targets, header)
        ms = (perf_counter() - start) * 1000
        answer({"ms": ms, "weights": q[:features].tolist(), "bias": float(q[features])})


main()
