"""networkx: random graphs, shortest paths, centrality, flows, communities, matchings. Dicts of dicts of dicts."""
import networkx as nx

graph = nx.barabasi_albert_graph(700, 3, seed=1)
for n, (u, v) in enumerate(graph.edges):
    graph[u][v]["weight"] = n * 7919 % 101 + 1
print(nx.info(graph) if hasattr(nx, "info") else graph)
print(sum(d for _, lengths in list(nx.all_pairs_dijkstra_path_length(graph.subgraph(range(220)), weight="weight")) for d in lengths.values()))
print(round(sum(nx.betweenness_centrality(graph, k=500, seed=2).values()), 6))
print(max(nx.core_number(graph).values()), nx.number_connected_components(graph), nx.transitivity(graph))
print(sorted(map(len, nx.community.greedy_modularity_communities(graph.subgraph(range(120)))), reverse=True)[:5])
print(nx.minimum_spanning_tree(graph).size(weight="weight"), len(nx.max_weight_matching(graph.subgraph(range(40)))))
print(nx.maximum_flow_value(graph.to_directed(), 0, 699, capacity="weight"))
print(len(list(nx.find_cliques(graph))), nx.average_clustering(graph), len(nx.greedy_color(graph)))
print(list(nx.topological_sort(nx.DiGraph((a, b) for a in range(60) for b in range(a + 1, 60, a % 5 + 1))))[:5])
