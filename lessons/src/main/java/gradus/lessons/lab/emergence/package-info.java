/// `gradus lab emergence`: whether an ability that seems to come all at once does so by another measure too.
package gradus.lessons.lab.emergence;
