/// `gradus lab prompt`, part format: whether a small model learns addition hangs on how a sum is written.
package gradus.lessons.lab.prompt.addition;
