/** What front ends are told about this kernel. */
export function kernelInfo(versions: { kernel: string; typescript: string }, features: string[]): object {
  return {
    status: 'ok',
    protocol_version: '5.5',
    implementation: 'losslab',
    implementation_version: versions.kernel,
    language_info: languageInfo(versions.typescript),
    banner: `losslab ${versions.kernel}: TypeScript ${versions.typescript} on Node ${process.versions.node}`,
    debugger: features.includes('debugger'),
    supported_features: features,
    help_links: HELP,
  };
}

/** JupyterLab and Notebook choose the colours of the editor by `codemirror_mode`, others by `mimetype` or `name`. */
function languageInfo(version: string): object {
  return {
    name: 'typescript',
    version,
    mimetype: 'text/typescript',
    file_extension: '.ts',
    pygments_lexer: 'typescript',
    codemirror_mode: { name: 'typescript', mime: 'application/typescript' },
    nbconvert_exporter: 'script',
  };
}

const HELP = [
  { text: 'TypeScript handbook', url: 'https://www.typescriptlang.org/docs/handbook/intro.html' },
  { text: 'TensorFlow.js', url: 'https://js.tensorflow.org/api/latest/' },
  { text: 'Node.js', url: 'https://nodejs.org/docs/latest/api/' },
  { text: 'Sharpness-Aware Minimization', url: 'https://arxiv.org/abs/2010.01412' },
  { text: 'Visualizing the loss landscape', url: 'https://arxiv.org/abs/1712.09913' },
];
