package gradus.tensor.kernel;

import gradus.tensor.DType;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.util.Map;
import java.util.TreeMap;

/// Measures how long each float32 kernel takes while it is open:
/// ```java
/// try (var times = KernelTimes.start()) {
///     step();
///     System.out.println(times.nanos());
/// }
/// ```
/// A stand-in takes the place of the kernels for the whole program and costs some 0.2 µs a call.
public final class KernelTimes implements AutoCloseable {
    private final Kernels before = Kernels.of(DType.FLOAT32);
    private final Map<String, Long> nanos = new TreeMap<>();
    private final Map<String, Long> calls = new TreeMap<>();

    private KernelTimes() {
        Kernels watched = (Kernels) Proxy.newProxyInstance(
                Kernels.class.getClassLoader(), new Class<?>[] {Kernels.class}, (proxy, method, arguments) -> {
                    long start = System.nanoTime();
                    try {
                        return method.invoke(before, arguments);
                    } catch (InvocationTargetException thrown) {
                        throw thrown.getCause();
                    } finally {
                        count(method.getName(), System.nanoTime() - start);
                    }
                });
        KernelChoice.float32(watched);
    }

    public static KernelTimes start() {
        return new KernelTimes();
    }

    private synchronized void count(String name, long time) {
        nanos.merge(name, time, Long::sum);
        calls.merge(name, 1L, Long::sum);
    }

    /// Nanoseconds spent in each kernel so far, by its name.
    public synchronized Map<String, Long> nanos() {
        return new TreeMap<>(nanos);
    }

    /// How often each kernel was called so far.
    public synchronized Map<String, Long> calls() {
        return new TreeMap<>(calls);
    }

    @Override
    public void close() {
        KernelChoice.float32(before);
    }
}
