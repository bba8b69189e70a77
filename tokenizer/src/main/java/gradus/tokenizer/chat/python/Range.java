package gradus.tokenizer.chat.python;

import java.math.BigInteger;

/// Python's `range`. As in Jinja's sandbox it may not have more than 100,000 elements.
///
/// @param start the first element
/// @param stop  the end, which is not an element
/// @param step  the distance, not 0
/// @param size  the number of elements
public record Range(BigInteger start, BigInteger stop, BigInteger step, int size) {
    private static final int LARGEST = 100_000;

    public static Range of(BigInteger start, BigInteger stop, BigInteger step) {
        if (step.signum() == 0) {
            throw new TemplateError("range() arg 3 must not be zero");
        }
        BigInteger span = stop.subtract(start);
        if (span.signum() != step.signum()) {
            return new Range(start, stop, step, 0);
        }
        BigInteger size =
                span.add(step).subtract(BigInteger.valueOf(step.signum())).divide(step);
        if (size.bitLength() > 31 || size.intValue() > LARGEST) {
            throw new TemplateError("Range too big. The sandbox blocks ranges larger than MAX_RANGE (100000).");
        }
        return new Range(start, stop, step, size.intValue());
    }

    Range slice(int from, int to, int by) {
        return of(get(from), get(to), step.multiply(BigInteger.valueOf(by)));
    }

    public BigInteger get(int i) {
        return start.add(step.multiply(BigInteger.valueOf(i)));
    }
}
