package gradus.bench;

import gradus.tensor.kernel.Device;
import gradus.tensor.kernel.Kernels;
import gradus.tensor.memory.Memory;
import gradus.tensor.type.DType;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;

/// Measures how long each kernel takes while it is open:
/// ```java
/// try (var times = KernelTimes.start()) {
///     step();
///     System.out.println(times.nanos());
/// }
/// ```
/// A stand-in takes the place of the current device for the whole program and costs some 0.2 µs a call.
final class KernelTimes implements AutoCloseable {
    private final Device before = Device.current();
    private final Map<String, Long> nanos = new TreeMap<>();
    private final Map<String, Long> calls = new TreeMap<>();

    private KernelTimes() {
        Device.use(new Watched());
    }

    static KernelTimes start() {
        return new KernelTimes();
    }

    private synchronized void count(String name, long time) {
        nanos.merge(name, time, Long::sum);
        calls.merge(name, 1L, Long::sum);
    }

    /// Nanoseconds spent in each kernel so far, by its name.
    synchronized Map<String, Long> nanos() {
        return new TreeMap<>(nanos);
    }

    /// How often each kernel was called so far.
    synchronized Map<String, Long> calls() {
        return new TreeMap<>(calls);
    }

    @Override
    public void close() {
        Device.use(before);
    }

    /// The same memory, and kernels that count.
    private final class Watched implements Device {
        private final Map<DType, Kernels> kernels = new EnumMap<>(DType.class);

        @Override
        public String name() {
            return before.name();
        }

        @Override
        public Memory memory() {
            return before.memory();
        }

        @Override
        public Memory memory(DType dtype) {
            return before.memory(dtype);
        }

        @Override
        public void synchronize() {
            before.synchronize();
        }

        @Override
        public synchronized Kernels kernels(DType dtype) {
            return kernels.computeIfAbsent(dtype, type -> watched(before.kernels(type)));
        }
    }

    private Kernels watched(Kernels kernels) {
        Map<Method, Object> families = new HashMap<>();
        for (Method accessor : Kernels.class.getMethods()) {
            boolean family = accessor.getParameterCount() == 0
                    && accessor.getReturnType().isInterface();
            Object own = family ? call(accessor, kernels) : null;
            if (own != null) {
                families.put(accessor, standIn(accessor.getReturnType(), (proxy, method, arguments) -> {
                    long start = System.nanoTime();
                    try {
                        Object result = call(method, own, arguments);
                        before.synchronize(); // a card only begins here
                        return result;
                    } finally {
                        before.synchronize();
                        count(method.getName(), System.nanoTime() - start);
                    }
                }));
            }
        }
        return standIn(Kernels.class, (proxy, accessor, arguments) -> {
            Object family = families.get(accessor);
            return family != null ? family : call(accessor, kernels, arguments);
        });
    }

    private static <T> T standIn(Class<T> type, InvocationHandler handler) {
        return type.cast(Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] {type}, handler));
    }

    private static Object call(Method method, Object target, Object... arguments) {
        try {
            return method.invoke(target, arguments);
        } catch (InvocationTargetException thrown) {
            throw thrown.getCause() instanceof RuntimeException exception
                    ? exception
                    : new IllegalStateException(thrown.getCause());
        } catch (IllegalAccessException impossible) {
            throw new AssertionError(impossible);
        }
    }
}
