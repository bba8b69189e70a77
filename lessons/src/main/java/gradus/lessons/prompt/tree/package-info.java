/// Trees of thoughts: several next thoughts at each step, judged, and the best followed.
package gradus.lessons.prompt.tree;
