package gradus.layers.adapter;

import gradus.tensor.Tensor;
import gradus.tensor.random.Rng;
import java.util.List;
import java.util.stream.IntStream;

/// How several LoRAs become one, layer by layer; peft's `combination_type`. With cᵢ the weight of an adapter
/// times its scale, [Cat] is exact, [Svd] as near as its rank allows; the others combine A and B each by
/// itself, which is cheap but another change than the sum of the changes.
public sealed interface Combination {

    /// The product B·A is the combined change.
    ///
    /// @param layer   for messages
    /// @param pairs   (r, in) and (out, r) of each adapter
    /// @param factors cᵢ
    LowRank of(String layer, List<LowRank> pairs, double[] factors);

    /// `A = [c₁·A₁; c₂·A₂; …]`, `B = [B₁, B₂, …]`: exactly the sum of the changes, of the sum of the ranks.
    record Cat() implements Combination {
        @Override
        public LowRank of(String layer, List<LowRank> pairs, double[] factors) {
            Tensor[] a = IntStream.range(0, factors.length)
                    .mapToObj(i -> pairs.get(i).a().mul(factors[i]))
                    .toArray(Tensor[]::new);
            Tensor[] b = pairs.stream().map(LowRank::b).toArray(Tensor[]::new);
            return new LowRank(Tensor.concat(0, a), Tensor.concat(1, b));
        }
    }

    /// The best approximation of `Σ cᵢ·Bᵢ·Aᵢ` of a rank, by singular values.
    ///
    /// @param rank 0 for the largest rank of the adapters
    record Svd(int rank) implements Combination {
        @Override
        public LowRank of(String layer, List<LowRank> pairs, double[] factors) {
            Tensor sum = pairs.getFirst().times(factors[0]); // (out, in)
            for (int i = 1; i < factors.length; i++) {
                sum = sum.add(pairs.get(i).times(factors[i]));
            }
            int r = rank > 0
                    ? rank
                    : pairs.stream().mapToInt(pair -> pair.a().dim(0)).max().orElseThrow();
            Lora.requireRank(r, sum.dim(1), sum.dim(0), layer);
            return gradus.layers.adapter.Svd.of(sum).truncated(r, 1, sum.dtype());
        }
    }

    /// `A = Σ ±√|cᵢ|·Aᵢ`, `B = Σ √|cᵢ|·Bᵢ`, the sign that of cᵢ. All ranks must be equal.
    record Linear() implements Combination {
        @Override
        public LowRank of(String layer, List<LowRank> pairs, double[] factors) {
            return Entries.apart(layer, pairs, factors, Entries.all(), Entries::sum);
        }
    }

    /// TRIM, ELECT SIGN & MERGE: only the largest entries of each A and B stay; of those, only the ones with
    /// the sign of their sum are averaged. Yadav et al. 2023, "TIES-merging", arXiv:2306.01708.
    ///
    /// @param density the share of entries that stay, in (0, 1]
    record Ties(double density) implements Combination {
        @Override
        public LowRank of(String layer, List<LowRank> pairs, double[] factors) {
            return Entries.apart(layer, pairs, factors, Entries.largest(density), Entries::elected);
        }
    }

    /// [Linear] of the largest entries of each A and B.
    ///
    /// @param density the share of entries that stay, in (0, 1]
    record MagnitudePrune(double density) implements Combination {
        @Override
        public LowRank of(String layer, List<LowRank> pairs, double[] factors) {
            return Entries.apart(layer, pairs, factors, Entries.largest(density), Entries::sum);
        }
    }

    /// [Linear] of entries that stay by chance and are divided by the chance. Yu et al. 2023, "Language
    /// models are super Mario" (DARE), arXiv:2311.03099.
    ///
    /// @param density the chance of an entry to stay, in (0, 1]
    record DareLinear(double density, Rng rng) implements Combination {
        @Override
        public LowRank of(String layer, List<LowRank> pairs, double[] factors) {
            return Entries.apart(layer, pairs, factors, Entries.random(density, rng), Entries::sum);
        }
    }

    /// [Ties] with [DareLinear]'s choice of entries.
    ///
    /// @param density the chance of an entry to stay, in (0, 1]
    record DareTies(double density, Rng rng) implements Combination {
        @Override
        public LowRank of(String layer, List<LowRank> pairs, double[] factors) {
            return Entries.apart(layer, pairs, factors, Entries.random(density, rng), Entries::elected);
        }
    }
}
