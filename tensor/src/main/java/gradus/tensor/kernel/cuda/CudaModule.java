package gradus.tensor.kernel.cuda;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;

/// A file of kernels, which the driver compiles for its card when the first of them is launched. The PTX lies beside
/// this class, made from `tensor/src/main/cuda`.
final class CudaModule {
    private final Card card;
    private final String name;
    private long handle;

    CudaModule(Card card, String name) {
        this.card = card;
        this.name = name;
    }

    synchronized long handle() {
        if (handle == 0) {
            handle = card.driver.loadModule(ptx(name));
        }
        return handle;
    }

    static byte[] ptx(String name) {
        try (InputStream text = CudaModule.class.getResourceAsStream(name + ".ptx")) {
            if (text == null) {
                throw new IllegalStateException(name + ".ptx is missing from the class path");
            }
            return text.readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
