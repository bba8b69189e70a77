package gradus.tensor.kernel;

import gradus.error.ConfigException;
import gradus.tensor.memory.Buffer;
import gradus.tensor.memory.Memory;
import java.util.Map;
import java.util.ServiceLoader;
import java.util.ServiceLoader.Provider;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;

/// The devices that there are, and the one that new tensors are made on.
final class Devices {
    private static final String CUDA_BACKEND = "/org/nd4j/linalg/jcublas/JCublasBackend.class";

    /// Whose memory a device computes in. A device enters when it is named or made the current one.
    private static final Map<Memory, Device> BY_MEMORY = new ConcurrentHashMap<>();

    private static volatile Device current;

    private Devices() {}

    static Device current() {
        Device device = current;
        return device != null ? device : choose();
    }

    private static synchronized Device choose() {
        if (current == null) {
            boolean cuda = Devices.class.getResource(CUDA_BACKEND) != null;
            use(named(System.getProperty("gradus.device", cuda ? "nd4j" : "host")));
        }
        return current;
    }

    static synchronized void use(Device device) {
        if (device == null) {
            throw new ConfigException("device: a device must be given; got null");
        }
        BY_MEMORY.put(device.memory(), device);
        current = device;
    }

    /// The device that a buffer belongs to: the current one also where that leaves the buffer's type to other memory.
    static Device of(Buffer buffer) {
        Device device = current;
        return device != null && device.memory(buffer.dtype()) == buffer.memory() ? device : of(buffer.memory());
    }

    static Device of(Memory memory) {
        Device device = current;
        if (device != null && device.memory() == memory) {
            return device;
        }
        device = BY_MEMORY.get(memory);
        return device != null ? device : known(memory);
    }

    private static Device known(Memory memory) {
        for (Device device : ServiceLoader.load(Device.class)) {
            if (device.memory() == memory) {
                BY_MEMORY.putIfAbsent(memory, device);
                return BY_MEMORY.get(memory);
            }
        }
        throw new ConfigException("device: none computes in " + memory.name() + " memory; name it in META-INF/services/"
                + Device.class.getName() + " or call Device.use");
    }

    static Device named(String name) {
        Map<String, Device> known = new TreeMap<>();
        ServiceLoader.load(Device.class).stream()
                .map(Provider::get)
                .forEach(device -> known.put(device.name(), device));
        String[] parts = name.split(":", 2);
        Device device = known.get(parts[0]);
        if (device == null || parts.length == 2 && !parts[1].matches("\\d{1,4}")) {
            throw new ConfigException("gradus.device must be one of " + String.join(", ", known.keySet())
                    + ", or name a card as gpu:1 does; got " + name);
        }
        Device named = parts.length == 1 ? device : device.card(Integer.parseInt(parts[1]));
        BY_MEMORY.putIfAbsent(named.memory(), named);
        return named;
    }
}
