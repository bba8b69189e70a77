package gradus.train.cli.machine;

import gradus.tensor.kernel.Device;
import gradus.tensor.kernel.cuda.CudaFacts;
import gradus.tensor.kernel.cuda.CudaFacts.CardFacts;
import gradus.train.run.Line;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// What `gradus doctor` says of the GPUs.
public final class GpuReport {
    /// What `auto` wants free on a card.
    public static final long LEAST_FREE = 1L << 30;

    private static final int TF32 = 80; // the least compute capability

    private final CudaFacts facts;
    private final boolean nd4j;

    /// @param nd4j whether ND4J's CUDA backend is on the class path
    public GpuReport(CudaFacts facts, boolean nd4j) {
        this.facts = facts;
        this.nd4j = nd4j;
    }

    /// Lines by their names.
    public Map<String, String> lines() {
        Map<String, String> lines = new LinkedHashMap<>();
        lines.put(
                "driver",
                facts.cuda().isEmpty()
                        ? facts.trouble()
                        : "NVIDIA, serves CUDA " + facts.cuda()
                                + (facts.trouble().isEmpty() ? "" : ": " + facts.trouble()));
        for (CardFacts card : facts.cards()) {
            String memory = card.bytesFree() < 0
                    ? Line.format("%.1f GiB", card.bytes() / MachineMemory.GIB)
                    : Line.format(
                            "%.1f of %.1f GiB free",
                            card.bytesFree() / MachineMemory.GIB, card.bytes() / MachineMemory.GIB);
            lines.put(
                    name(card),
                    card.name() + ", compute capability " + Nd4jCuda.capability(card) + ", " + memory
                            + (card.usable() ? ": usable" : ": not usable: " + card.trouble()));
        }
        lines.put("--device auto", "computes on " + auto());
        return lines;
    }

    private String auto() {
        if (System.getProperty("gradus.device") != null) {
            return Device.current().description() + ", as gradus.device says";
        }
        return nd4j
                ? "ND4J's CUDA backend, which serves compute capability " + Nd4jCuda.SERVED
                : usable().stream()
                        .filter(GpuReport::isRoomy)
                        .map(GpuReport::name)
                        .findFirst()
                        .orElse("the CPU");
    }

    /// What would make better use of them.
    public List<String> advice() {
        List<String> advice = new ArrayList<>();
        String auto = auto();
        List<CardFacts> idle =
                usable().stream().filter(card -> !name(card).equals(auto)).toList();
        for (CardFacts card : idle) {
            String device = "--device " + name(card);
            advice.add(
                    nd4j
                            ? "the " + card.name() + " is faster without GRADUS_BACKEND=cuda, by Gradus's own kernels"
                            : isRoomy(card)
                                    ? "a GPU stands idle: " + device
                                    : "--device auto leaves " + name(card) + " alone, which has less than 1 GiB free: "
                                            + device + " takes it all the same, for a small model");
        }
        facts.cards().stream()
                .filter(card -> !nd4j && !card.usable() && Nd4jCuda.serves(card) && card.capability() < 75)
                .findFirst()
                .ifPresent(card -> advice.add("the " + card.name() + " computes by ND4J's kernels:"
                        + " GRADUS_BACKEND=cuda ./gradus train (Maven downloads 2.4 GB once)"));
        usable().stream()
                .filter(card -> !nd4j && card.capability() >= TF32)
                .findFirst()
                .ifPresent(card -> advice.add("where 11 bits are enough for the inputs of matrix products,"
                        + " --precision tf32 takes the " + card.name() + "'s tensor cores"));
        return advice;
    }

    private List<CardFacts> usable() {
        return facts.cards().stream().filter(CardFacts::usable).toList();
    }

    private static boolean isRoomy(CardFacts card) {
        return card.bytesFree() >= LEAST_FREE;
    }

    private static String name(CardFacts card) {
        return card.ordinal() == 0 ? "gpu" : "gpu:" + card.ordinal();
    }
}
