package gradus.lessons.retrieve.chunk;

import static gradus.error.ShapeException.require;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/// Units by tables, so that any part's length is two look-ups.
final class UnitTable implements Units {
    private final int[] first; // for each char the first unit that has a part in its character
    private final int[] last; // and the last: the four tokens of an emoji's bytes share one character
    private final int[] cuts; // where the document can be cut without cutting a unit: 0, …, its length

    private UnitTable(int[] first, int[] last, int[] cuts) {
        this.first = first;
        this.last = last;
        this.cuts = cuts;
    }

    static Units of(String document, int... starts) {
        int chars = document.length();
        int[] first = new int[chars];
        int[] last = new int[chars];
        int[] cuts = new int[chars + 1];
        int count = 0;
        int from = 0;
        while (from < chars) {
            int unit = count == 0 ? 0 : last[from - 1] + 1;
            int to = unit;
            int begin = count == 0 ? 0 : cuts[count];
            while (to + 1 < starts.length && start(document, starts, to + 1) <= begin) {
                to++;
            }
            int end = to + 1 < starts.length ? start(document, starts, to + 1) : chars;
            Arrays.fill(first, begin, end, unit);
            Arrays.fill(last, begin, end, to);
            cuts[++count] = end;
            from = end;
        }
        return new UnitTable(first, last, Arrays.copyOf(cuts, count + 1));
    }

    private static int start(String document, int[] starts, int unit) {
        int start = starts[unit];
        require(
                start >= starts[unit - 1] && start <= document.length(),
                "Units: the starts of units must ascend inside the document; unit %d starts at %d of %d",
                unit,
                start,
                document.length());
        return Spaces.insidePair(document, start) ? start - 1 : start;
    }

    @Override
    public int between(int start, int end) {
        return start >= end ? 0 : last[end - 1] - first[start] + 1;
    }

    @Override
    public List<Span> pieces(Span part) {
        List<Span> pieces = new ArrayList<>();
        int found = Arrays.binarySearch(cuts, part.start());
        int from = part.start();
        for (int next = found < 0 ? -found - 1 : found + 1; from < part.end(); next++) {
            int to = Math.min(cuts[next], part.end());
            pieces.add(new Span(from, to));
            from = to;
        }
        return pieces;
    }
}
