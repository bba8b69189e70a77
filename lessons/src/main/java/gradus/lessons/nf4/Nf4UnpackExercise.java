package gradus.lessons.nf4;

import gradus.lessons.learn.exercise.Exercise;
import gradus.lessons.learn.exercise.Trial;

final class Nf4UnpackExercise {
    private static final double[] COUNT = {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15};

    private Nf4UnpackExercise() {}

    static Exercise exercise() {
        return Exercise.of(Nf4Unpack.class, "Bytes to weights")
                .tolerance(1e-9)
                .probe(
                        "one byte, levels 0 to 15",
                        "0x25 holds 2 in its high and 5 in its low half; times the scale 10: 20 and 50",
                        t -> t.call(bytes(0x25), new double[] {10}, 1, 2, 2, COUNT))
                .probe(
                        "a byte that is negative in Java",
                        "0xF3 holds 15 and 3",
                        t -> t.call(bytes(0xF3), new double[] {1}, 1, 2, 2, COUNT))
                .probe(
                        "two blocks in one row",
                        "1 and 2 times 10, then 3 and 4 times 100",
                        t -> t.call(bytes(0x12, 0x34), new double[] {10, 100}, 1, 4, 2, COUNT))
                .probe(
                        "a block over two rows",
                        "rows of three, blocks of two: the scales go 1 1 10 / 10 100 100",
                        t -> t.call(bytes(0x11, 0x11, 0x11), new double[] {1, 10, 100}, 2, 3, 2, COUNT))
                .probe(
                        "an odd number of codes",
                        "1 2 3; the last half byte is padding",
                        t -> t.call(bytes(0x12, 0x3F), new double[] {1}, 3, 1, 4, COUNT))
                .probe(
                        "a block of an odd size",
                        "the fourth code lies in the first block's last byte: three times 1, and 4·10",
                        t -> t.call(bytes(0x12, 0x34), new double[] {1, 10}, 1, 4, 3, COUNT))
                .probe("all bytes", "", t -> {
                    byte[] packed = new byte[256];
                    for (int i = 0; i < packed.length; i++) {
                        packed[i] = (byte) i;
                    }
                    return t.call(packed, t.normals(8), 16, 32, 64, t.normals(16));
                })
                .probe("many rows, ragged", "", t -> of(t, 7, 5, 6))
                .probe("few rows, ragged", "", t -> of(t, 3, 43, 64))
                .bug("The halves are exchanged: the first code lies in the high half", "i % 2 == 0", "i % 2 != 0")
                .bug(
                        "The sign of the byte stays: for bytes from 0x80 the high half comes out negative",
                        "int pair = packed[i / 2] & 0xFF;",
                        "int pair = packed[i / 2];")
                .bug(
                        "The sign is taken away by Math.abs, which changes the bits: & 0xFF keeps them",
                        "packed[i / 2] & 0xFF",
                        "Math.abs(packed[i / 2])")
                .bug("Only three bits of the high half are read", "pair >> 4 :", "pair >> 4 & 0x7 :")
                .bug(
                        "Each row has its scale: blocks are cut from one long row",
                        "scales[i / block]",
                        "scales[Math.min(i / columns, scales.length - 1)]")
                .bug(
                        "Blocks are counted in bytes: a block of 64 codes takes 32 of them",
                        "scales[i / block]",
                        "scales[i / 2 / block]")
                .bug("The first scale is used for all blocks", "scales[i / block]", "scales[0]")
                .bug("The scale is missing", " * scales[i / block]", "")
                .bug(
                        "The numbers are divided by the scale",
                        "levels[code] * scales[i / block]",
                        "levels[code] / scales[i / block]")
                .bug("The codes are taken for the numbers: the levels are missing", "levels[code] *", "code *")
                .bug(
                        "The matrix is filled column after column",
                        "weight[i / columns][i % columns]",
                        "weight[i % rows][i / rows]")
                .variant("byte after byte", """
                        int at = 0;
                        for (byte each : packed) {
                            for (int shift = 4; shift >= 0 && at < rows * columns; shift -= 4) {
                                int code = (each >>> shift) & 0xF;
                                weight[at / columns][at % columns] = scales[at / block] * levels[code];
                                at++;
                            }
                        }
                        return weight;
                        """)
                .variant("row and column, by remainders", """
                        for (int r = 0; r < rows; r++) {
                            for (int c = 0; c < columns; c++) {
                                int i = r * columns + c;
                                int whole = Byte.toUnsignedInt(packed[i >> 1]);
                                double level = levels[(i & 1) == 1 ? whole % 16 : whole / 16];
                                weight[r][c] = level * scales[Math.floorDiv(i, block)];
                            }
                        }
                        return weight;
                        """)
                .hints(
                        "In which byte does code i lie, and in which half?",
                        "packed[i / 2] & 0xFF gives the byte without its sign; >> 4 its high half, & 0xF its low one.",
                        "weight[i / columns][i % columns] = levels[code] * scales[i / block], for all i.")
                .reading("The section \"Two in a byte\" of this lesson");
    }

    private static byte[] bytes(int... values) {
        byte[] bytes = new byte[values.length];
        for (int i = 0; i < bytes.length; i++) {
            bytes[i] = (byte) values[i];
        }
        return bytes;
    }

    private static Object of(Trial t, int rows, int columns, int block) {
        byte[] packed = bytes(t.ints(256, (rows * columns + 1) / 2));
        int blocks = (rows * columns + block - 1) / block;
        return t.call(packed, t.normals(blocks), rows, columns, block, t.normals(16));
    }
}
