package gradus.lessons.retrieve.chunk;

import java.util.List;

/// Characters, with a count of how often a length was asked for.
final class Counting implements Length {
    private long asked;

    @Override
    public Units of(String document) {
        Units units = Length.CHARACTERS.of(document);
        return new Units() {
            @Override
            public int between(int start, int end) {
                asked++;
                return units.between(start, end);
            }

            @Override
            public List<Span> pieces(Span part) {
                return units.pieces(part);
            }
        };
    }

    long asked() {
        return asked;
    }
}
