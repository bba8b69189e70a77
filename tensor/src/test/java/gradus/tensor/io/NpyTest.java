package gradus.tensor.io;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import gradus.error.DataException;
import gradus.tensor.Draw;
import gradus.tensor.Tensor;
import gradus.tensor.type.DType;
import gradus.tensor.type.Indices;
import gradus.tensor.type.Shape;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// The files were written by NumPy, see `numpy_files.py` beside them.
class NpyTest {
    @TempDir
    Path folder;

    /// 0.5·i - 3 in the shape (2, 3, 4): what most files hold, as it is or doubled.
    private static double x(int i) {
        return 0.5 * i - 3;
    }

    private Path file(String name) {
        try (InputStream in = NpyTest.class.getResourceAsStream(name)) {
            Path file = folder.resolve(name);
            Files.write(file, in.readAllBytes());
            return file;
        } catch (IOException failure) {
            throw new AssertionError(failure);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"little-f4", "big-f4", "little-f2", "version1", "version2", "version3"})
    void readsWhatFitsFloat32(String name) {
        Tensor tensor = Npy.read(file(name + ".npy"));
        assertThat(tensor.dtype()).isEqualTo(DType.FLOAT32);
        assertHolds(tensor, 1, 0);
    }

    @ParameterizedTest
    @ValueSource(strings = {"little-f8", "big-f8", "fortran"})
    void readsFloat64(String name) {
        Tensor tensor = Npy.read(file(name + ".npy"));
        assertThat(tensor.dtype()).isEqualTo(DType.FLOAT64);
        assertHolds(tensor, 1, 0);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "little-i4",
                "big-i4",
                "little-i8",
                "big-i8",
                "little-i2",
                "little-i1",
                "little-u1",
                "big-u2",
                "little-u4",
                "fortran-int"
            })
    void readsIntegersAsNumbersAndAsIndices(String name) {
        double shift = name.contains("-u") ? 6 : 0;
        Tensor tensor = Npy.read(file(name + ".npy"));
        assertThat(tensor.dtype()).isEqualTo(DType.FLOAT64);
        assertHolds(tensor, 2, shift);
        Indices indices = Npy.readIndices(file(name + ".npy"));
        assertThat(indices.shape()).isEqualTo(Shape.of(2, 3, 4));
        assertThat(Arrays.stream(indices.values()).asDoubleStream().toArray()).isEqualTo(tensor.toArray());
    }

    private static void assertHolds(Tensor tensor, double factor, double shift) {
        assertThat(tensor.shape()).isEqualTo(Shape.of(2, 3, 4));
        for (int i = 0; i < 24; i++) {
            assertThat(tensor.get(i / 12, i / 4 % 3, i % 4)).isEqualTo(factor * x(i) + shift);
        }
    }

    @Test
    void readsTheRest() {
        Tensor bool = Npy.read(file("bool.npy"));
        assertThat(bool.dtype()).isEqualTo(DType.FLOAT32);
        assertThat(bool.sum().item()).isEqualTo(17);
        assertThat(Npy.readIndices(file("bool.npy")).get(7)).isEqualTo(1);
        assertThat(Npy.read(file("scalar.npy"))).hasToString("Tensor() FLOAT64 2.500");
        assertThat(Npy.read(file("vector.npy"))).hasToString("Tensor(3,) FLOAT32 [1.000, 2.000, 3.000]");
        double inf = Double.POSITIVE_INFINITY;
        double[] special = {Double.NaN, inf, -inf, -0.0, Double.MIN_VALUE, Double.MAX_VALUE};
        assertThat(Arrays.equals(Npy.read(file("special.npy")).toArray(), special))
                .isTrue();
    }

    @Test
    void readsArchives() {
        Map<String, Tensor> several = Npz.read(file("several.npz"));
        assertThat(several.keySet()).containsExactly("weights", "bias");
        assertHolds(several.get("weights"), 1, 0);
        assertThat(several.get("bias").toArray()).containsExactly(1, 2);
        Map<String, Tensor> compressed = Npz.read(file("compressed.npz"));
        assertHolds(compressed.get("weights"), 1, 0);
        assertThat(compressed.get("mask").sum().item()).isEqualTo(17);
    }

    /// More elements than one chunk, too; bit for bit, NaN and zeros of either sign among them.
    @Property(tries = 200)
    void whatIsWrittenIsRead(@ForAll("shapes") Shape shape, @ForAll boolean large, @ForAll long seed)
            throws IOException {
        Path here = Files.createTempDirectory("npy");
        Shape used = large && seed % 8 == 0 ? Shape.of(3, 11_000) : shape;
        double[] odd = {-0.0, Double.NaN, Double.NEGATIVE_INFINITY, 1e-40};
        Tensor normal = Draw.normal(seed, used.dims());
        double[] values = normal.toArray();
        for (int i = 0; i < values.length; i += 5) {
            values[i] = odd[i / 5 % odd.length];
        }
        Map<String, Tensor> all = new LinkedHashMap<>();
        for (DType dtype : DType.values()) {
            Tensor tensor = Tensor.of(values, used.dims()).to(dtype);
            Path file = here.resolve("x.npy");
            Npy.write(file, tensor);
            assertSame(Npy.read(file), tensor);
            assertThat((Files.size(file) - (long) used.size() * dtype.bytes()) % 64)
                    .isZero();
            all.put("layer." + dtype + ".é", tensor);
        }
        Path file = here.resolve("x.npz");
        Npz.write(file, all);
        Map<String, Tensor> read = Npz.read(file);
        assertThat(read.keySet()).containsExactlyElementsOf(all.keySet());
        all.forEach((name, tensor) -> assertSame(read.get(name), tensor));
        byte[] first = Files.readAllBytes(file);
        Npz.write(file, all);
        assertThat(Files.readAllBytes(file)).isEqualTo(first);
        try (var left = Files.list(here)) {
            assertThat(left).hasSize(2); // nothing unfinished lies about
        }
        Files.delete(file);
        Files.delete(here.resolve("x.npy"));
        Files.delete(here);
    }

    private static void assertSame(Tensor actual, Tensor expected) {
        assertThat(actual.shape()).isEqualTo(expected.shape());
        assertThat(actual.dtype()).isEqualTo(expected.dtype());
        assertThat(Arrays.equals(actual.toArray(), expected.toArray())).isTrue();
    }

    /// The very bytes that NumPy writes for the same numbers.
    @Test
    void writesAsNumPyDoes() throws IOException {
        Tensor x = Draw.tensor(NpyTest::x, 2, 3, 4);
        Path file = folder.resolve("own.npy");
        Npy.write(file, x);
        assertThat(Files.readAllBytes(file)).isEqualTo(Files.readAllBytes(file("little-f8.npy")));
        Npy.write(file, x.to(DType.FLOAT32));
        assertThat(Files.readAllBytes(file)).isEqualTo(Files.readAllBytes(file("little-f4.npy")));
        Npy.write(file, Tensor.of(new float[] {1, 2, 3}, 3));
        assertThat(Files.readAllBytes(file)).isEqualTo(Files.readAllBytes(file("vector.npy")));
        Npy.write(file, Tensor.full(DType.FLOAT64, Shape.of(), 2.5));
        assertThat(Files.readAllBytes(file)).isEqualTo(Files.readAllBytes(file("scalar.npy")));
    }

    @Test
    void whatIsNoTensorIsRefused() {
        refused("empty.npy", "every dimension must be at least 1; got [0, 3]"); // BAD-INPUT 2
        refused("complex.npy", "elements of type '<c8' are not read; known are [b1, f2, f4,");
        refused("text.npy", "elements of type '<U1' are not read");
        refused("object.npy", "elements of type '|O' are not read"); // BAD-INPUT 127
        refused("record.npy", "elements of type [('a', '<f4'), ('b', '<i4')] are not read");
        assertThatThrownBy(() -> Npy.readIndices(file("little-f4.npy")))
                .isInstanceOf(DataException.class)
                .hasMessageContaining("little-f4.npy: whole numbers are wanted; the elements are f4");
        assertThatThrownBy(() -> Npy.read(folder.resolve("none.npy")))
                .isInstanceOf(DataException.class)
                .hasMessageContaining("none.npy cannot be read: there is no such file or folder"); // BAD-INPUT 88
        assertThatThrownBy(() -> Npy.read(folder)).isInstanceOf(DataException.class); // BAD-INPUT 97
        assertThatThrownBy(() -> Npy.write(folder.resolve("no/such.npy"), Tensor.ones(2)))
                .isInstanceOf(DataException.class)
                .hasMessageContaining("such.npy cannot be written: there is no such file or folder");
        assertThatThrownBy(() -> Npz.read(file("vector.npy")))
                .isInstanceOf(DataException.class)
                .hasMessageContaining("vector.npy: is no zip archive, or damaged");
        assertThatThrownBy(() -> Npy.read(file("several.npz")))
                .isInstanceOf(DataException.class)
                .hasMessageContaining("several.npz: is no .npy file"); // BAD-INPUT 127
    }

    private void refused(String name, String words) {
        assertThatThrownBy(() -> Npy.read(file(name)))
                .isInstanceOf(DataException.class)
                .hasMessageContaining(name + ": ")
                .hasMessageContaining(words);
    }

    /// BAD-INPUT 101–119, as far as the format has them.
    @Test
    void aDamagedHeaderIsRefused() {
        String good = "{'descr': '<f4', 'fortran_order': False, 'shape': (3,), }";
        header(good, null);
        header("{\"shape\":(3 ,),\"descr\":\"<f4\",\"fortran_order\":False}", null); // any order, quotes and spaces
        header(good.replace("'shape': (3,), ", ""), "the header lacks the key shape");
        header(good.replace("}", "'shape': (3,)}"), "the header has the key shape twice"); // BAD-INPUT 108
        header(good.replace("}", "'more': 1}"), "the header has the unknown key more");
        header(good.replace("(3,)", "(3)"), "the shape must be a tuple of whole numbers; got (3)");
        header(good.replace("(3,)", "(-3,)"), "the shape must be a tuple"); // BAD-INPUT 116
        header(good.replace("(3,)", "(3.0,)"), "the shape must be a tuple");
        header(good.replace("(3,)", "(,3)"), "the shape must be a tuple");
        header(good.replace("(3,)", "(3, 4)"), "shape (3, 4) of f4 needs 48 bytes from offset"); // BAD-INPUT 112, 113
        header(good.replace("(3,)", "(2,)"), "needs 8 bytes"); // BAD-INPUT 111
        header(good.replace("(3,)", "(99999999999999999999,)"), "is larger than a tensor can be"); // BAD-INPUT 114
        header(good.replace("(3,)", "(999999999, 999999999)"), "at most 2,147,483,639 elements"); // BAD-INPUT 3
        header(good.replace("(3,)", "(999999999, 999999999, 999999999)"), "over 2^63"); // BAD-INPUT 4
        header(good.replace("False", "Maybe"), "fortran_order must be True or False; got Maybe");
        header(good.replace("<f4", "<f3"), "elements of type '<f3' are not read"); // BAD-INPUT 118
        header(good.replace("<f4", "f4"), "elements of type 'f4' are not read");
        header(good.replace("False", "False 'x'"), "no entry");
        header("[]", "the header must be a dictionary in braces; got []"); // BAD-INPUT 107
        header("", "the header must be a dictionary");
        header("{'a\\u001b[31m': 1}", "no entry"); // shown escaped
    }

    private void header(String text, String words) {
        byte[] header = text.getBytes(StandardCharsets.ISO_8859_1);
        byte[] bytes = Arrays.copyOf(new byte[] {(byte) 0x93, 'N', 'U', 'M', 'P', 'Y', 1, 0}, 10 + header.length + 12);
        bytes[8] = (byte) header.length;
        System.arraycopy(header, 0, bytes, 10, header.length);
        read(bytes, words);
    }

    private void read(byte[] bytes, String words) {
        Path file = folder.resolve("damaged.npy");
        try {
            Files.write(file, bytes);
        } catch (IOException failure) {
            throw new AssertionError(failure);
        }
        if (words == null) {
            assertThat(Npy.read(file).shape()).isEqualTo(Shape.of(3));
            return;
        }
        assertThatThrownBy(() -> Npy.read(file))
                .isInstanceOf(DataException.class)
                .message()
                .contains("damaged.npy: ", words)
                .doesNotContain("\n", "\u001b")
                .hasSizeLessThan(500);
    }

    @Test
    void aDamagedFileIsRefused() throws IOException {
        byte[] good = Files.readAllBytes(file("vector.npy"));
        read(new byte[0], "is no .npy file"); // BAD-INPUT 89, 101
        read(Arrays.copyOf(good, 7), "is no .npy file");
        read(Arrays.copyOf(good, 9), "the header of 118 bytes does not fit the file's 9"); // BAD-INPUT 103
        read(Arrays.copyOf(good, 100), "the header of 118 bytes does not fit the file's 100");
        read(Arrays.copyOf(good, 139), "shape (3,) of f4 needs 12 bytes from offset 128 on; there are 11");
        read(Arrays.copyOf(good, 141), "there are 13");
        byte[] other = good.clone();
        other[6] = 4;
        read(other, "versions 1.0 to 3.0 are read; got 4.0"); // BAD-INPUT 135
        other[6] = 2; // the length has four bytes then
        read(other, "does not fit");
        other[6] = 1;
        other[9] = (byte) 0xFF;
        read(other, "the header of 65398 bytes does not fit"); // BAD-INPUT 102
        byte[] bool = Files.readAllBytes(file("bool.npy"));
        bool[bool.length - 1] = 2;
        read(bool, "element 23 is a bool and must be 0 or 1; got 2");
        byte[] whole = Files.readAllBytes(file("little-i8.npy"));
        Arrays.fill(whole, whole.length - 8, whole.length - 1, (byte) 0xFF);
        whole[whole.length - 1] = 0x7F;
        read(whole, "element 23, 9223372036854775807, is no number that float64 holds");
        whole[whole.length - 1] = 0;
        whole[whole.length - 2] = 0;
        whole[whole.length - 3] = 0; // 2⁴⁰ - 1
        Files.write(folder.resolve("damaged.npy"), whole);
        assertThatThrownBy(() -> Npy.readIndices(folder.resolve("damaged.npy")))
                .hasMessageContaining("element 23, 1099511627775, is outside the range of int");
    }

    /// One changed byte is refused, or it changes numbers only: nothing else is thrown.
    @Property(tries = 200)
    void anyChangedByteIsRefusedOrHarmless(@ForAll @IntRange(max = 1000) int at, @ForAll byte value)
            throws IOException {
        for (String name : new String[] {"little-f4.npy", "fortran-int.npy", "several.npz", "compressed.npz"}) {
            byte[] bytes;
            try (InputStream in = NpyTest.class.getResourceAsStream(name)) {
                bytes = in.readAllBytes();
            }
            bytes[at % bytes.length] = value;
            Path file = Files.createTempFile("npy", name);
            Files.write(file, bytes);
            try {
                if (name.endsWith("z")) {
                    Npz.read(file);
                } else {
                    Npy.read(file);
                }
            } catch (DataException refused) {
                assertThat(refused).hasMessageContaining(file.getFileName().toString());
            } finally {
                Files.delete(file);
            }
        }
    }

    @Test
    void aDamagedArchiveIsRefused() throws IOException {
        byte[] bytes = Files.readAllBytes(file("several.npz"));
        bytes[200] ^= 1; // within the stored elements of the first part
        Path file = folder.resolve("damaged.npz");
        Files.write(file, bytes);
        assertThatThrownBy(() -> Npz.read(file))
                .isInstanceOf(DataException.class)
                .hasMessageContaining(
                        "damaged.npz, weights.npy: is damaged, its checksum is another one"); // BAD-INPUT 123
        try (var zip = new java.util.zip.ZipOutputStream(Files.newOutputStream(file))) {
            zip.putNextEntry(new java.util.zip.ZipEntry("../readme\u001b.txt"));
            zip.write(1);
        }
        assertThatThrownBy(() -> Npz.read(file))
                .isInstanceOf(DataException.class)
                .hasMessageContaining("damaged.npz, ../readme\\u001b.txt: every part must be a .npy file");
    }

    @Test
    void aFailedWriteLeavesTheFileAsItWas() throws IOException {
        Path file = folder.resolve("kept.npy");
        Npy.write(file, Tensor.ones(2));
        Tensor closed = Tensor.ones(3);
        closed.close();
        assertThatThrownBy(() -> Npy.write(file, closed)).isInstanceOf(gradus.error.GradusException.class);
        assertThat(Npy.read(file).toArray()).containsExactly(1, 1);
        try (var left = Files.list(folder)) {
            assertThat(left).hasSize(1);
        }
    }

    @Test
    void nullIsRefused() { // BAD-INPUT 14
        assertThatThrownBy(() -> Npy.read(null)).hasMessageContaining("npy: a file must be given; got null");
        assertThatThrownBy(() -> Npy.readIndices(null)).hasMessageContaining("a file must be given");
        assertThatThrownBy(() -> Npz.read(null)).hasMessageContaining("npz: a file must be given");
        assertThatThrownBy(() -> Npy.write(folder, null)).hasMessageContaining("a tensor must be given");
        assertThatThrownBy(() -> Npz.write(folder, null)).hasMessageContaining("tensors must be given");
        Map<String, Tensor> missing = new LinkedHashMap<>();
        missing.put("x", null);
        assertThatThrownBy(() -> Npz.write(folder.resolve("x.npz"), missing)).hasMessageContaining("every tensor");
    }

    @Provide
    static Arbitrary<Shape> shapes() {
        return Draw.shapes(0, 3);
    }
}
