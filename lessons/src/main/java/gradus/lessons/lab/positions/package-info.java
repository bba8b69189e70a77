/// `gradus lab positions`: what models of every kind of position do with texts longer than those that they were
/// trained on.
package gradus.lessons.lab.positions;
