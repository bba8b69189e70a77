package gradus.lessons.retrieve.chunk.structure;

import static org.assertj.core.api.Assertions.assertThat;

import gradus.lessons.retrieve.chunk.Chunk;
import gradus.lessons.retrieve.chunk.ChunkSize;
import gradus.lessons.retrieve.chunk.Chunker;
import java.util.List;
import org.junit.jupiter.api.Test;

/// What each form of document is cut into, by hand.
class OutlinesTest {
    /// `path | path: first line … last line`
    private static List<String> shown(Chunker chunker, String document) {
        return chunker.chunk(document).stream().map(OutlinesTest::shown).toList();
    }

    private static String shown(Chunk chunk) {
        List<String> lines = chunk.text().lines().toList();
        String text = lines.size() == 1 ? lines.getFirst() : lines.getFirst() + " … " + lines.getLast();
        return String.join(" | ", chunk.path()) + ": " + text;
    }

    private static ChunkSize size(int size) {
        return ChunkSize.of(size);
    }

    @Test
    void markdown() {
        String text =
                "Before.\n\n# One\n\nText *of* one.\n\n## A `b` [c](d)\n\n```\n# no heading\n```\n\n- x\n- y\n\nTwo\r\n---\r\n\r\nLast.\n\n# End\n";
        assertThat(shown(StructureChunker.markdown(size(500)), text))
                .containsExactly(
                        ": Before.",
                        "One: # One … Text *of* one.",
                        "One | A b c: ## A `b` [c](d) … - y",
                        "One | Two: Two … Last.",
                        "End: # End");
        assertThat(shown(StructureChunker.markdown(size(24)), text))
                .containsExactly(
                        ": Before.",
                        "One: # One … Text *of* one.",
                        "One | A b c: ## A `b` [c](d)",
                        "One | A b c: ``` … ```",
                        "One | A b c: - x … - y",
                        "One | Two: Two … Last.",
                        "End: # End");
    }

    @Test
    void html() {
        String text =
                "<!doctype html><html><head><title>T</title></head><body><h1>One</h1><p>A.</p>\n<div><p>B.</p><h2>Two"
                        + " <b>x</b></h2>\n<ul><li>C</li><li>D</li></ul></div><script>if (a<b) '<h1>no</h1>'</script>"
                        + "<!-- <h1>no</h1> --><h1>Three</h1>tail";
        assertThat(shown(StructureChunker.html(size(500)), text))
                .containsExactly(
                        ": <!doctype html><html><head><title>T</title></head><body>",
                        "One: <h1>One</h1><p>A.</p> … <div><p>B.</p>",
                        "One | Two x: <h2>Two <b>x</b></h2> … <ul><li>C</li><li>D</li></ul></div><script>if (a<b)"
                                + " '<h1>no</h1>'</script><!-- <h1>no</h1> -->",
                        "Three: <h1>Three</h1>tail");
        assertThat(shown(StructureChunker.html(size(20)), "<h1>H</h1><p>one two</p><p>three four</p>"))
                .containsExactly("H: <h1>H</h1>", "H: <p>one two</p>", "H: <p>three four</p>");
        // a heading in a table is moved before it in the tree, but not in the source
        assertThat(shown(StructureChunker.html(size(99)), "<p>pre</p><table><h1>A</h1><tr><td>x</table>"))
                .containsExactly(": <p>pre</p><table>", "A: <h1>A</h1><tr><td>x</table>");
        assertThat(StructureChunker.html(size(9)).chunk("<p><b>mis</p>nested</b><table>x<tr>y</table>"))
                .isNotEmpty();
    }

    @Test
    void java() {
        String text = """
                package a;

                import b.C;

                /// Doc of A.
                public class A {
                    int x; // of x
                    String s = "class B { void no() {} }";

                    // of f
                    @Override
                    public int f(int y) {
                        return y;
                    }

                    A() {}

                    /** Doc of Inner.
                     *  More. */
                    static class Inner {
                        void g() {}
                    }

                    int last;
                }

                record R(int a) {}
                """;
        assertThat(shown(StructureChunker.java(size(500)), text))
                .containsExactly(
                        ": package a; … import b.C;",
                        "A: /// Doc of A. …     String s = \"class B { void no() {} }\";",
                        "A | f: // of f …     }",
                        "A | A: A() {}",
                        "A | Inner: /** Doc of Inner. …     static class Inner {",
                        "A | Inner | g: void g() {}",
                        "A | Inner: }",
                        "A: int last; … }",
                        "R: record R(int a) {}");
        assertThat(StructureChunker.java(size(500)).chunk("class A { void f( { \" }"))
                .isNotEmpty();
        assertThat(StructureChunker.java(size(500)).chunk("class A { int x = " + "(".repeat(20_000)))
                .isNotEmpty();
    }

    @Test
    void python() {
        String text = """
                import a

                @decorated
                # why
                @twice(
                    1)
                class A(object):
                    '''Doc.
                def no(): pass
                    '''
                    x = [
                def_no,
                    ]

                    def f(self):
                        s = "class B:"  # def no():
                        def inner():
                            pass
                        return s

                    y = 2

                async def g(): \\
                    return 1

                if g:
                    print(1)
                """;
        assertThat(shown(StructureChunker.python(size(500)), text))
                .containsExactly(
                        ": import a",
                        "A: @decorated …     ]",
                        "A | f: def f(self): …         s = \"class B:\"  # def no():",
                        "A | f | inner: def inner(): …             pass",
                        "A | f: return s",
                        "A: y = 2",
                        "g: async def g(): \\ …     return 1",
                        ": if g: …     print(1)");
        assertThat(shown(StructureChunker.python(size(99)), "s = 'it\\'s ('\ndef f(): pass"))
                .containsExactly(": s = 'it\\'s ('", "f: def f(): pass");
        assertThat(StructureChunker.python(size(9)).chunk("'''never closed\ndef f():\n  ((("))
                .isNotEmpty();
    }

    @Test
    void latex() {
        String text = """
                \\documentclass{article}
                % \\section{No}
                \\section{One \\emph{x}}
                50\\% of it.\\\\
                \\begin{verbatim}
                \\section{No}
                \\end{verbatim}
                \\subsection*{Sub}
                a
                \\subsubsection[short]{Long
                  title}
                b
                \\section{Two}
                c
                """;
        assertThat(shown(StructureChunker.latex(size(500)), text))
                .containsExactly(
                        ": \\documentclass{article} … % \\section{No}",
                        "One \\emph{x}: \\section{One \\emph{x}} … \\end{verbatim}",
                        "One \\emph{x} | Sub: \\subsection*{Sub} … a",
                        "One \\emph{x} | Sub | Long title: \\subsubsection[short]{Long … b",
                        "Two: \\section{Two} … c");
        assertThat(StructureChunker.latex(size(9)).chunk("\\section{never\nclosed \\begin{verbatim}"))
                .isNotEmpty();
    }
}
