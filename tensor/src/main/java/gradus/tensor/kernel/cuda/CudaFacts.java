package gradus.tensor.kernel.cuda;

import gradus.error.ResourceException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;

/// What somebody wants to know who asks why the GPU is not used, or which.
///
/// @param cuda    which CUDA the driver serves, as `12.4`; empty without a driver
/// @param trouble why no card can be used whichever it is: no driver, one that is too old, no card; else empty
/// @param cards   in their order
public record CudaFacts(String cuda, String trouble, List<CardFacts> cards) {

    /// One card.
    ///
    /// @param ordinal    its number, 1 for `gpu:1`
    /// @param capability its compute capability, as 86 for 8.6
    /// @param bytes      of memory
    /// @param bytesFree  of them, or -1 if the card lets nobody look
    /// @param trouble    why it cannot be used, else empty
    public record CardFacts(int ordinal, String name, int capability, long bytes, long bytesFree, String trouble) {
        public boolean usable() {
            return trouble.isEmpty();
        }
    }

    /// Looks, and leaves everything as it was. To learn what is free of a card's memory takes a context on it, some
    /// tenths of a second.
    public static CudaFacts look() {
        AtomicReference<CudaFacts> facts = new AtomicReference<>();
        apart(() -> facts.set(looked()));
        return facts.get();
    }

    /// How many cards there are: none without a driver that starts.
    static int count() {
        try {
            CudaDriver driver = CudaDriver.load();
            return Requirements.againstDriver(driver.version()) == null ? driver.deviceCount() : 0;
        } catch (ResourceException none) {
            return 0;
        }
    }

    /// On a thread of its own, because a context becomes the current one of the thread.
    private static void apart(Runnable work) {
        Thread thread = Thread.ofPlatform().name("gradus-cuda-facts").start(work);
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new ResourceException("interrupted while the GPU was looked at", e);
        }
    }

    private static CudaFacts looked() {
        CudaDriver driver;
        String cuda = "";
        try {
            driver = CudaDriver.load();
            cuda = Requirements.cuda(driver.version());
            String fault = Requirements.againstDriver(driver.version());
            fault = fault != null || driver.deviceCount() > 0 ? fault : Requirements.NO_CARD;
            if (fault != null) {
                return new CudaFacts(cuda, plain(fault), List.of());
            }
            List<CardFacts> cards = new ArrayList<>();
            for (int ordinal = 0; ordinal < driver.deviceCount(); ordinal++) {
                cards.add(card(driver, ordinal));
            }
            return new CudaFacts(cuda, "", List.copyOf(cards));
        } catch (ResourceException fault) {
            return new CudaFacts(cuda, plain(fault.getMessage()), List.of());
        }
    }

    private static CardFacts card(CudaDriver driver, int ordinal) {
        int device = driver.device(ordinal);
        String name = driver.deviceName(device);
        int capability = Card.capability(driver, device);
        String fault = Requirements.againstCard(name, capability, Card.computeMode(driver, device));
        long free = -1;
        if (fault == null) {
            long context = driver.retainContext(device);
            if (context > 0) {
                driver.setCurrent(context);
                free = driver.freeMemory();
                driver.setCurrent(0);
                driver.releaseContext(device);
            } else {
                fault = Requirements.againstContext(name, (int) -context);
                fault = fault != null ? fault : driver.describe((int) -context);
            }
        }
        return new CardFacts(
                ordinal, name, capability, driver.totalMemory(device), free, fault == null ? "" : plain(fault));
    }

    private static String plain(String fault) {
        return fault.replaceFirst("^gpu: ", "");
    }
}
