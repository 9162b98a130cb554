package com.personalaichatbot.dr.core.docs;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.w3c.dom.Node;

/** Holds the bill of materials to our own artifacts, all of them and nothing else. */
class BomTest {
  private static final String GROUP = "com.personalaichatbot.dr";

  @Test
  void bom_hasNoParent_soThatItManagesNobodyElsesVersions() throws Exception {
    Element bom = pom("dr-core/bom/pom.xml").getDocumentElement();
    assertThat(children(bom, "parent")).isEmpty();
    assertThat(text(bom, "version"))
        .isEqualTo(text(pom("pom.xml").getDocumentElement(), "version"));
  }

  @Test
  void bom_managesEveryPublishedArtifact_andNothingElse() throws Exception {
    Element bom = pom("dr-core/bom/pom.xml").getDocumentElement();
    List<String> managed = new ArrayList<>();
    for (Element dependencies :
        children(children(bom, "dependencyManagement").get(0), "dependencies")) {
      for (Element dependency : children(dependencies, "dependency")) {
        assertThat(text(dependency, "groupId")).isEqualTo(GROUP);
        managed.add(text(dependency, "artifactId"));
      }
    }
    List<String> published = new ArrayList<>();
    Element root = pom("pom.xml").getDocumentElement();
    for (Element module : children(children(root, "modules").get(0), "module")) {
      String folder = module.getTextContent().trim();
      if (!folder.equals("examples") && !folder.equals("dr-core/bom")) {
        published.add(text(pom(folder + "/pom.xml").getDocumentElement(), "artifactId"));
      }
    }
    assertThat(managed).containsAll(published).isSubsetOf(published);
  }

  private static Document pom(String path) throws Exception {
    Path file = Checkout.ROOT.resolve(path);
    try (InputStream in = Files.newInputStream(file)) {
      return DocumentBuilderFactory.newDefaultInstance().newDocumentBuilder().parse(in);
    }
  }

  private static List<Element> children(Element parent, String name) {
    List<Element> children = new ArrayList<>();
    for (Node at = parent.getFirstChild(); at != null; at = at.getNextSibling()) {
      if (at instanceof Element element && element.getTagName().equals(name)) {
        children.add(element);
      }
    }
    return children;
  }

  private static String text(Element parent, String name) {
    return children(parent, name).get(0).getTextContent().trim();
  }
}
