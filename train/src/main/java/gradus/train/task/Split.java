package gradus.train.task;

import static gradus.error.ConfigException.require;

import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/// Tokens to train on, and other tokens, held back, to measure the model with.
///
/// @param train      tokens to train on, in their order
/// @param validation tokens to measure the model with, in their order; may be empty
public record Split(Tokens train, Tokens validation) {
    public Split {
        require(
                train != null && validation != null,
                "split: both parts must be given; got %s and %s",
                train,
                validation);
    }

    public Split(int[] train, int[] validation) {
        this(Tokens.of(train), Tokens.of(validation));
    }

    /// Holds back the last part of the tokens.
    ///
    /// @param fraction of the tokens to hold back, in [0, 1)
    /// @throws gradus.error.ConfigException if it is out of range
    public static Split holdOut(int[] tokens, double fraction) {
        require(tokens != null, "split: tokens must be given; got null");
        return holdOut(Tokens.of(tokens.clone()), fraction);
    }

    /// The same for tokens that may be in a file.
    public static Split holdOut(Tokens tokens, double fraction) {
        require(fraction >= 0 && fraction < 1, "the part to hold back must be in [0, 1); got %s", fraction);
        long cut = (long) (tokens.size() * (1 - fraction));
        return new Split(tokens.part(0, cut), tokens.part(cut, tokens.size()));
    }

    /// SHA-256 of all the tokens and of where they are split, by which a resumed training recognises its
    /// data.
    String sum() {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            for (Tokens part : new Tokens[] {train, validation}) {
                boolean small = part.size() <= Integer.MAX_VALUE;
                ByteBuffer count = ByteBuffer.allocate(Long.BYTES);
                digest.update((small ? count.putInt((int) part.size()) : count.putLong(part.size())).flip());
                part.forEachChunk((from, ids) -> {
                    ByteBuffer bytes = ByteBuffer.allocate(ids.length * Integer.BYTES);
                    bytes.asIntBuffer().put(ids);
                    digest.update(bytes);
                });
            }
            return HexFormat.of().formatHex(digest.digest());
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError("every JDK has SHA-256", e);
        }
    }
}
