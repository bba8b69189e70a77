/// `gradus lab grokking`: a model that knows its lessons by heart, and understands them long after.
package gradus.lessons.lab.grokking;
