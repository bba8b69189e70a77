package gradus.lessons.retrieve.refine;

import gradus.lessons.retrieve.search.Passage;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;

/// The best passages at both ends, the worst in the middle: ranks 1, 3, 5, …, 6, 4, 2. Models use what stands
/// at the beginning and at the end of a long prompt more than what stands in its middle. Liu et al. 2023, *Lost
/// in the Middle*, arXiv:2307.03172.
public record EndsFirst() implements Refinement {
    @Override
    public List<Passage> refine(String question, List<Passage> passages) {
        Deque<Passage> order = new ArrayDeque<>();
        for (int rank = passages.size(); rank >= 1; rank--) { // from the worst outwards
            if (rank % 2 == 1) {
                order.addFirst(passages.get(rank - 1));
            } else {
                order.addLast(passages.get(rank - 1));
            }
        }
        return List.copyOf(order);
    }
}
