package gradus.train.cli.machine;

import gradus.error.UsageException;
import gradus.tensor.kernel.cuda.CudaFacts;
import java.util.stream.Collectors;

/// ND4J's own CUDA backend, for cards that are too old for ours. The class path holds it or does not, so that is chosen
/// when the program starts, by `GRADUS_BACKEND=cuda`.
public final class Nd4jCuda {
    /// ND4J 1.0.0-M2.1 holds machine code for compute capability 3.7 to 8.6 and none that a driver could translate
    /// for later generations. Code for 8.6 also runs on 8.9.
    public static final String SERVED = "3.7 to 8.9";

    private static final int OLDEST = 37;
    private static final int NEWEST = 89;

    private Nd4jCuda() {}

    public static boolean onClassPath() {
        return Nd4jCuda.class.getResource("/org/nd4j/linalg/jcublas/JCublasBackend.class") != null;
    }

    public static boolean serves(CudaFacts.CardFacts card) {
        return card.capability() >= OLDEST && card.capability() <= NEWEST;
    }

    /// Refuses what ND4J itself would refuse in words of its own.
    ///
    /// @throws UsageException if the machine has no card that it serves
    public static void require(CudaFacts facts) {
        if (facts.cards().stream().noneMatch(Nd4jCuda::serves)) {
            String why = facts.cards().isEmpty()
                    ? facts.trouble()
                    : facts.cards().stream()
                            .map(card -> "the %s has compute capability %s".formatted(card.name(), capability(card)))
                            .collect(Collectors.joining(", "));
            throw new UsageException("GRADUS_BACKEND=cuda started ND4J's CUDA backend, which serves compute capability "
                    + SERVED + ", but " + why + "; start without it");
        }
    }

    static String capability(CudaFacts.CardFacts card) {
        return card.capability() / 10 + "." + card.capability() % 10;
    }
}
