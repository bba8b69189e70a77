package gradus.lessons.lab.reasoning;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// The game of 24 by enumeration, with whole numbers of at least 0 on the way: what the teacher of the part
/// `tot` knows.
final class WholeNumbers {
    private static final int TARGET = 24;

    private final Map<List<Integer>, Boolean> known = new HashMap<>();

    /// A thought and the numbers that are left behind it, sorted.
    record Move(String thought, List<Integer> left) {}

    /// All thoughts that the numbers allow: of a difference or quotient only what is a whole number of at least
    /// 0.
    static List<Move> moves(List<Integer> numbers) {
        List<Move> moves = new ArrayList<>();
        for (int i = 0; i < numbers.size(); i++) {
            for (int j = i + 1; j < numbers.size(); j++) {
                int small = Math.min(numbers.get(i), numbers.get(j));
                int large = Math.max(numbers.get(i), numbers.get(j));
                List<Integer> rest = new ArrayList<>(numbers);
                rest.remove(j);
                rest.remove(i);
                add(moves, rest, small + "+" + large, small + large);
                add(moves, rest, large + "-" + small, large - small);
                add(moves, rest, small + "*" + large, small * large);
                if (small > 0 && large % small == 0) {
                    add(moves, rest, large + "/" + small, large / small);
                }
            }
        }
        return moves.stream().distinct().toList();
    }

    private static void add(List<Move> moves, List<Integer> rest, String thought, int result) {
        List<Integer> left = new ArrayList<>(rest);
        left.add(result);
        left.sort(null);
        moves.add(new Move(thought + "=" + result, List.copyOf(left)));
    }

    /// Whether 24 can be made.
    boolean isReachable(List<Integer> numbers) {
        if (numbers.size() == 1) {
            return numbers.getFirst() == TARGET;
        }
        Boolean found = known.get(numbers);
        if (found == null) {
            found = moves(numbers).stream().anyMatch(move -> isReachable(move.left));
            known.put(numbers, found);
        }
        return found;
    }

    /// The thoughts behind which 24 can still be made.
    List<Move> good(List<Integer> numbers) {
        return moves(numbers).stream().filter(move -> isReachable(move.left)).toList();
    }

    /// All sorted choices of so many numbers, from 1 to the largest, that make 24.
    List<List<Integer>> puzzles(int count, int largest) {
        List<List<Integer>> all = new ArrayList<>();
        collect(all, new ArrayList<>(), count, largest);
        return all.stream().filter(this::isReachable).toList();
    }

    private static void collect(List<List<Integer>> all, List<Integer> begun, int count, int largest) {
        if (begun.size() == count) {
            all.add(List.copyOf(begun));
            return;
        }
        for (int next = begun.isEmpty() ? 1 : begun.getLast(); next <= largest; next++) {
            begun.add(next);
            collect(all, begun, count, largest);
            begun.removeLast();
        }
    }
}
