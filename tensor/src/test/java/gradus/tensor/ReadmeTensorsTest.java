package gradus.tensor;

import static org.assertj.core.api.Assertions.assertThat;

import gradus.tensor.io.Npy;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The README's lines about tensors run, and say what the README says.
class ReadmeTensorsTest {
    @TempDir
    Path folder;

    @Test
    void theSampleRunsAndIsTheReadmes() throws IOException {
        Path file = folder.resolve("x.npy");
        // sample
        Tensor x = Tensor.arange(6).reshape(2, 3).requireGrad();
        Tensor y = x.maskedFill(x.gt(3), 0).softmax(1);
        y.max(1).values().sum().backward();
        Npy.write(file, x.grad());
        System.out.println(x.grad());
        // end
        String printed = x.grad().toString();
        String source = Files.readString(Path.of("src/test/java/gradus/tensor/ReadmeTensorsTest.java"));
        String sample = source.substring(source.indexOf("// sample\n") + 10, source.indexOf("// end\n"))
                .stripIndent();
        String readme = Files.readString(Path.of("../README.md"));
        assertThat(readme).contains("```java\n" + sample + "```");
        assertThat(readme).contains(printed);
        assertThat(Npy.read(file).toString()).isEqualTo(printed);
    }
}
