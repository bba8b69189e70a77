"""Writes the .npy and .npz files that NpyTest reads, as NumPy 2 writes them, beside this script.

    python numpy_files.py
"""

import os

import numpy as np
from numpy.lib import format as npy

here = os.path.dirname(os.path.abspath(__file__))


def at(name):
    return os.path.join(here, name)


x = np.arange(24).reshape(2, 3, 4) * 0.5 - 3
for name in ["<f4", ">f4", "<f8", ">f8", "<f2", "<i4", ">i4", "<i8", ">i8", "<i2", "<i1", "<u1", ">u2", "<u4"]:
    values = (x * 2 + (6 if name[1] == "u" else 0)) if name[1] in "iu" else x
    file = name.replace("<", "little-").replace(">", "big-") + ".npy"
    np.save(at(file), values.astype(np.dtype(name)))
np.save(at("bool.npy"), x > 0)
np.save(at("fortran.npy"), np.asfortranarray(x))
np.save(at("fortran-int.npy"), np.asfortranarray((x * 2).astype(np.int64)))
np.save(at("scalar.npy"), np.float64(2.5))
np.save(at("vector.npy"), np.array([1, 2, 3], dtype=np.float32))
np.save(at("special.npy"), np.array([np.nan, np.inf, -np.inf, -0.0, 5e-324, 1.7976931348623157e308]))
for version in [(1, 0), (2, 0), (3, 0)]:
    with open(at("version%d.npy" % version[0]), "wb") as out:
        npy.write_array(out, x.astype(np.float32), version=version)
np.savez(at("several.npz"), weights=x.astype(np.float32), bias=np.array([1.0, 2.0]))
np.savez_compressed(at("compressed.npz"), weights=x.astype(np.float32), mask=x > 0)
np.save(at("empty.npy"), np.zeros((0, 3)))
np.save(at("complex.npy"), x.astype(np.complex64))
np.save(at("text.npy"), np.array(["a", "b"]))
np.save(at("object.npy"), np.array([{}, None], dtype=object))
np.save(at("record.npy"), np.zeros(2, dtype=[("a", "<f4"), ("b", "<i4")]))
