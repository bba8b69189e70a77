package gradus.tensor.kernel;

import jdk.incubator.vector.FloatVector;
import org.bytedeco.javacpp.Pointer;
import org.nd4j.linalg.factory.Nd4j;

/// What a person who asks about speed or memory wants to know of the backend.
///
/// @param version          ND4J's
/// @param vectorBits       the width of a SIMD register as Java uses it, or 0 without the vector module
/// @param maxBytes         how much memory tensors may take
/// @param maxPhysicalBytes how much memory the whole process may take before ND4J refuses to allocate more
public record BackendFacts(String version, int vectorBits, long maxBytes, long maxPhysicalBytes) {

    /// Looks, starting the backend if need be.
    public static BackendFacts look() {
        Backend.start();
        String version = Nd4j.class.getPackage().getImplementationVersion();
        return new BackendFacts(
                version == null ? "unknown" : version, registerBits(), Pointer.maxBytes(), Pointer.maxPhysicalBytes());
    }

    private static int registerBits() {
        try {
            return FloatVector.SPECIES_PREFERRED.vectorBitSize();
        } catch (LinkageError noModule) {
            return 0;
        }
    }
}
