package gradus.train;

import static gradus.error.ConfigException.require;

import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;

/// Tokens to train on and tokens held back to see how well that went.
///
/// @param train      in their order
/// @param validation in their order; may be empty
public record Split(int[] train, int[] validation) {
    private static final int CHUNK = 1 << 14;

    /// Holds back the last part of the tokens.
    ///
    /// @param fraction of the tokens to hold back, in [0, 1)
    /// @throws gradus.error.ConfigException if it is out of range
    public static Split holdOut(int[] tokens, double fraction) {
        require(fraction >= 0 && fraction < 1, "the part to hold back must be in [0, 1); got %s", fraction);
        int cut = (int) (tokens.length * (1 - fraction));
        return new Split(Arrays.copyOf(tokens, cut), Arrays.copyOfRange(tokens, cut, tokens.length));
    }

    /// SHA-256 of all the tokens and of where they are split, by which a resumed training knows its data.
    String sum() {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            for (int[] part : new int[][] {train, validation}) {
                ByteBuffer bytes = ByteBuffer.allocate(Integer.BYTES + CHUNK * Integer.BYTES);
                bytes.putInt(part.length);
                for (int from = 0; from < part.length; from += CHUNK) {
                    bytes.asIntBuffer().put(part, from, Math.min(CHUNK, part.length - from));
                    bytes.position(bytes.position() + Integer.BYTES * Math.min(CHUNK, part.length - from));
                    digest.update(bytes.flip());
                    bytes.clear();
                }
                digest.update(bytes.flip());
            }
            return HexFormat.of().formatHex(digest.digest());
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError("every JDK has SHA-256", e);
        }
    }
}
