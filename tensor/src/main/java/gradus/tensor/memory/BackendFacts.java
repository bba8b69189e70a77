package gradus.tensor.memory;

import java.io.IOException;
import java.io.InputStream;
import java.util.Properties;
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
        return new BackendFacts(nd4jVersion(), registerBits(), Pointer.maxBytes(), Pointer.maxPhysicalBytes());
    }

    private static String nd4jVersion() {
        Properties maven = new Properties();
        try (InputStream file = Nd4j.class.getResourceAsStream("/META-INF/maven/org.nd4j/nd4j-api/pom.properties")) {
            if (file != null) {
                maven.load(file);
            }
        } catch (IOException unreadable) {
            // Unknown, then.
        }
        return maven.getProperty("version", "of unknown version");
    }

    private static int registerBits() {
        try {
            return FloatVector.SPECIES_PREFERRED.vectorBitSize();
        } catch (LinkageError noModule) {
            return 0;
        }
    }
}
