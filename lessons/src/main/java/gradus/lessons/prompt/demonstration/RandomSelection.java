package gradus.lessons.prompt.demonstration;

import static gradus.error.ConfigException.require;

import gradus.tensor.random.Rng;
import java.util.List;

/// K of the demonstrations, drawn without putting back; the same for every question.
///
/// @param k    how many, K
/// @param seed decides which
public record RandomSelection(List<Demonstration> pool, int k, long seed) implements Selection {
    /// @throws gradus.error.ConfigException unless 0 ≤ k ≤ the size of the pool
    public RandomSelection {
        pool = List.copyOf(pool);
        require(
                0 <= k && k <= pool.size(),
                "k, the number of demonstrations, must be 0 to %d, as many as there are; got %d",
                pool.size(),
                k);
    }

    @Override
    public List<Demonstration> select(String question) {
        return Orders.drawn(pool, Rng.of(seed).at("demonstrations")).subList(0, k);
    }
}
