package gradus.tensor.kernel;

import gradus.tensor.Scope;
import gradus.tensor.kernel.KernelCases.Call;
import gradus.tensor.kernel.KernelCases.Case;
import gradus.tensor.kernel.vector.VectorKernels;
import gradus.tensor.memory.HostMemory;
import gradus.tensor.type.DType;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/// A program for a machine with a real card: runs every kernel case on the current device (`-Dgradus.device=gpu`) and
/// compares with the vector kernels, which [KernelsAgreeTest] holds against the definition. ND4J need not be there.
/// ```
/// java … gradus.tensor.kernel.DeviceCheck [draws] [large draws] [draws to be repeated] [parts of cases' names]
/// ```
final class DeviceCheck {
    private static final int MOST_FAILURES = 30;

    private final Kernels reference = new VectorKernels();
    private final Device device = Device.current();
    private final Kernels kernels = device.kernels(DType.FLOAT32);
    private final List<String> failures = new ArrayList<>();
    private double worst;
    private String worstCase = "none";

    private DeviceCheck() {}

    public static void main(String[] arguments) {
        Locale.setDefault(Locale.ROOT);
        if (!VectorKernels.available()) {
            System.err.println("the vector kernels, which are compared with, need OpenBLAS and the vector module");
            System.exit(2);
        }
        System.exit(new DeviceCheck().run(arguments) ? 0 : 1);
    }

    private boolean run(String[] arguments) {
        int draws = number(arguments, 0, 100);
        int large = number(arguments, 1, 4);
        int again = number(arguments, 2, 10);
        List<String> parts = List.of(arguments).subList(Math.min(3, arguments.length), arguments.length);
        List<Case> cases = KernelCases.all()
                .filter(kernel -> parts.isEmpty() || parts.stream().anyMatch(kernel.name()::contains))
                .toList();
        int disagreeing = 0;
        for (Case kernel : cases) {
            if (failures.size() >= MOST_FAILURES) {
                break;
            }
            int before = failures.size();
            for (int i = 0; i < Math.max(draws, Math.max(large, again)); i++) {
                int seed = i;
                if (i < draws) {
                    attempt(kernel, () -> compare(kernel, seed, false));
                }
                if (i < large) {
                    attempt(kernel, () -> compare(kernel, seed, true));
                }
                if (i < again) {
                    attempt(kernel, () -> repeat(kernel, seed));
                }
                if (failures.size() > before) {
                    disagreeing++;
                    break;
                }
            }
        }
        failures.forEach(System.out::println);
        System.out.printf("result\tcheck\tcases\tgradus\t%d%n", cases.size());
        System.out.printf("result\tcheck\tdraws\tgradus\t%d and %d large%n", draws, large);
        System.out.printf("result\tcheck\tdisagreeing cases\tgradus\t%d%n", disagreeing);
        System.out.printf("result\tcheck\tworst difference\tgradus\t%.1e (%s)%n", worst, worstCase);
        return failures.isEmpty();
    }

    private void attempt(Case kernel, Runnable check) {
        try (var scope = Scope.open()) {
            check.run();
        } catch (AssertionError | RuntimeException failure) {
            failures.add(failure instanceof AssertionError ? failure.getMessage() : kernel.name() + ": " + failure);
        }
    }

    private void compare(Case kernel, long seed, boolean large) {
        Call expected = kernel.run(new Call(reference, HostMemory.INSTANCE, reference, seed, large));
        double difference = Agreement.compare(kernel.name(), seed, onDevice(kernel, seed, large), expected);
        if (difference > worst) {
            worst = difference;
            worstCase = kernel.name();
        }
    }

    /// The same card gives the same bits.
    private void repeat(Case kernel, long seed) {
        Call first = onDevice(kernel, seed, false);
        Call second = onDevice(kernel, seed, false);
        for (int i = 0; i < first.outputs.size(); i++) {
            float[] once = first.outputs.get(i).buffer().toFloats();
            float[] twice = second.outputs.get(i).buffer().toFloats();
            if (!Arrays.equals(once, twice)) {
                throw new AssertionError(kernel.name() + ", seed " + seed + ": other bits the second time");
            }
        }
    }

    private Call onDevice(Case kernel, long seed, boolean large) {
        return kernel.run(new Call(kernels, device.memory(), kernels, seed, large));
    }

    private static int number(String[] arguments, int place, int otherwise) {
        return arguments.length > place ? Integer.parseInt(arguments[place]) : otherwise;
    }
}
