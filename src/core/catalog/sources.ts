/** The publications behind the catalogue of architectures. */

export interface Source {
  /** How it is cited in a line. */
  readonly cite: string;
  readonly title: string;
  readonly published: string;
  readonly url: string;
  /**
   * What our statements were compared with: the abstract, or a summary that was given to us where the text was
   * out of reach.
   */
  readonly checked: 'abstract' | 'summary';
}

export const sources = {
  review: {
    cite: 'Morid, Borjali, Del Fiol 2021',
    title: 'A scoping review of transfer learning research on medical image analysis using ImageNet',
    published: 'Computers in Biology and Medicine 128:104115',
    url: 'https://arxiv.org/abs/2004.13175',
    checked: 'abstract',
  },
  chexnet: {
    cite: 'Rajpurkar et al. 2017 (CheXNet)',
    title: 'CheXNet: Radiologist-level pneumonia detection on chest X-rays with deep learning',
    published: 'arXiv 1711.05225',
    url: 'https://arxiv.org/abs/1711.05225',
    checked: 'abstract',
  },
  chextransfer: {
    cite: 'Ke et al. 2021 (CheXtransfer)',
    title:
      'CheXtransfer: Performance and parameter efficiency of ImageNet models for chest X-ray interpretation',
    published: 'ACM CHIL 2021, arXiv 2101.06871',
    url: 'https://arxiv.org/abs/2101.06871',
    checked: 'abstract',
  },
  transfusion: {
    cite: 'Raghu et al. 2019 (Transfusion)',
    title: 'Transfusion: Understanding transfer learning for medical imaging',
    published: 'NeurIPS 2019, arXiv 1902.07208',
    url: 'https://arxiv.org/abs/1902.07208',
    checked: 'abstract',
  },
  esteva: {
    cite: 'Esteva et al. 2017',
    title: 'Dermatologist-level classification of skin cancer with deep neural networks',
    published: 'Nature 542:115–118',
    url: 'https://doi.org/10.1038/nature21056',
    checked: 'summary',
  },
  gulshan: {
    cite: 'Gulshan et al. 2016',
    title:
      'Development and validation of a deep learning algorithm for detection of diabetic retinopathy in retinal fundus photographs',
    published: 'JAMA 316:2402–2410',
    url: 'https://doi.org/10.1001/jama.2016.17216',
    checked: 'summary',
  },
  kermany: {
    cite: 'Kermany et al. 2018',
    title: 'Identifying medical diagnoses and treatable diseases by image-based deep learning',
    published: 'Cell 172:1122–1131',
    url: 'https://doi.org/10.1016/j.cell.2018.02.010',
    checked: 'summary',
  },
  corodet: {
    cite: 'Hussain et al. 2021 (CoroDet)',
    title: 'CoroDet: A deep learning based classification for COVID-19 detection using chest X-ray images',
    published: 'Chaos, Solitons & Fractals 142:110495',
    url: 'https://doi.org/10.1016/j.chaos.2020.110495',
    checked: 'abstract',
  },
  kim: {
    cite: 'Kim et al. 2022',
    title: 'Transfer learning for medical image classification: a literature review',
    published: 'BMC Medical Imaging 22:69',
    url: 'https://doi.org/10.1186/s12880-022-00793-7',
    checked: 'abstract',
  },
} as const satisfies Record<string, Source>;

export type SourceName = keyof typeof sources;
