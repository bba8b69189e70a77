package gradus.train.checkpoint;

import gradus.tensor.quant.BlockFormat;

/// How the blocks of a GGUF file's quantised types are widened to float32. A block has a scale d, most a second
/// number for its least element, and its elements as small whole numbers q.
///
/// ```
/// Q4_0  d, 32 nibbles                         x = d·(q - 8)
/// Q4_1  d, m, 32 nibbles                      x = d·q + m
/// Q5_0  d, 32 high bits, 32 nibbles           x = d·(q - 16)
/// Q5_1  d, m, 32 high bits, 32 nibbles        x = d·q + m
/// Q8_0  d, 32 bytes                           x = d·q
/// Q4_K  d, m, 8·(s, t), 256 nibbles           x = (d·s)·q - m·t     s and t of each 32 elements have 6 bits
/// Q5_K  the same with 256 high bits           x = (d·s)·q - m·t
/// Q6_K  256 nibbles, 256 pairs of bits, 16·s, d      x = (d·s)·(q - 32)     s of each 16 elements has 8
/// ```
///
/// The nibbles of the first five lie so that byte i holds elements i (low) and i + 16 (high); in the others
/// each 32 bytes hold 64 elements, the first 32 in the low nibbles. Numbers are float32 and rounded after
/// each step, so that they equal those of ggerganov/llama.cpp, `gguf-py/gguf/quants.py`, to the bit.
final class GgufBlocks {
    private GgufBlocks() {}

    /// Widens one block.
    @FunctionalInterface
    interface Decoder {
        /// @param block its bytes
        /// @param to    where the elements go
        /// @param at    the place of the first
        void decode(byte[] block, float[] to, int at);
    }

    // --- blocks of 32

    static void q41(byte[] block, float[] to, int at) {
        float d = half(block, 0);
        float m = half(block, 2);
        for (int i = 0; i < 32; i++) {
            to[at + i] = d * nibble(block, 4, i) + m;
        }
    }

    static void q50(byte[] block, float[] to, int at) {
        float d = half(block, 0);
        for (int i = 0; i < 32; i++) {
            to[at + i] = d * ((nibble(block, 6, i) | bit(block, 2, i) << 4) - 16);
        }
    }

    static void q51(byte[] block, float[] to, int at) {
        float d = half(block, 0);
        float m = half(block, 2);
        for (int i = 0; i < 32; i++) {
            to[at + i] = d * (nibble(block, 8, i) | bit(block, 4, i) << 4) + m;
        }
    }

    /// A format that [gradus.tensor.quant] has: here the scale stands before the codes.
    static Decoder of(BlockFormat format) {
        return (block, to, at) -> format.dequantize(block, Short.BYTES, half(block, 0), 0, format.blockSize(), to, at);
    }

    private static int nibble(byte[] block, int from, int i) {
        return block[from + i % 16] >> (i < 16 ? 0 : 4) & 0xF;
    }

    private static int bit(byte[] block, int from, int i) {
        return block[from + i / 8] >> i % 8 & 1;
    }

    // --- blocks of 256

    static void q4k(byte[] block, float[] to, int at) {
        for (int group = 0; group < 8; group++) {
            float d = half(block, 0) * scale(block, group);
            float m = half(block, 2) * least(block, group);
            for (int i = 0; i < 32; i++) {
                to[at + 32 * group + i] = d * pairOf32(block, 16, group, i) - m;
            }
        }
    }

    static void q5k(byte[] block, float[] to, int at) {
        for (int group = 0; group < 8; group++) {
            float d = half(block, 0) * scale(block, group);
            float m = half(block, 2) * least(block, group);
            for (int i = 0; i < 32; i++) {
                int high = block[16 + i] >> group & 1;
                to[at + 32 * group + i] = d * (pairOf32(block, 48, group, i) | high << 4) - m;
            }
        }
    }

    /// The nibble of element i of a group, where two groups share 32 bytes.
    private static int pairOf32(byte[] block, int from, int group, int i) {
        return block[from + 32 * (group / 2) + i] >> 4 * (group % 2) & 0xF;
    }

    /// The six bits of s. Twelve bytes from 4 hold eight s and eight t: those of the first four groups in the
    /// low six bits of bytes 0 to 3 and 4 to 7; of the last four the low four bits in bytes 8 to 11, s below
    /// t, and the high two on top of the first eight bytes.
    private static int scale(byte[] block, int group) {
        return group < 4
                ? block[4 + group] & 0x3F
                : block[8 + group] & 0xF | block[group] >> 2 & 0x30; // bytes 12 + g - 4 and 4 + g - 4
    }

    private static int least(byte[] block, int group) {
        return group < 4 ? block[8 + group] & 0x3F : block[8 + group] >> 4 & 0xF | block[4 + group] >> 2 & 0x30;
    }

    /// Each half of 128 elements has 64 bytes of nibbles and 32 of pairs of bits.
    static void q6k(byte[] block, float[] to, int at) {
        float d = half(block, 208);
        for (int i = 0; i < 256; i++) {
            int half = i / 128;
            int quarter = i % 128 / 32; // of a half
            int low = block[64 * half + 32 * (quarter % 2) + i % 32] >> 4 * (quarter / 2) & 0xF;
            int high = block[128 + 32 * half + i % 32] >> 2 * quarter & 3;
            to[at + i] = d * block[192 + i / 16] * ((low | high << 4) - 32);
        }
    }

    private static float half(byte[] block, int at) {
        return Float.float16ToFloat((short) (block[at] & 0xFF | block[at + 1] << 8));
    }
}
